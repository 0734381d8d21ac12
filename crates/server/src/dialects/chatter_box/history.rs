//! The three histories: bare arrays of the newest messages, oldest first. Whoever asks gets what they may see: General and
//! their own chats. The app gives everything to everyone.

use super::words::{Row, row};
use crate::{
    app::App,
    config::Dialects,
    dialects::{
        detail::{Answer, Detail},
        entrance::Entrance,
        fields::{Fields, path_number},
    },
};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::StatusCode,
};
use chat::{
    Caller, Chat,
    history::{self, Part, Posted},
    numbers,
};
use protocol::{Author, Dialect, ErrorCode, Message, MessageId};
use std::collections::HashMap;

type Rows = Answer<Json<Vec<Row>>>;

/// `GET /history`: General and the caller's direct chats; for a guest, who gives no number here, General.
pub(super) async fn all(State(app): State<App>, entrance: Entrance, RawQuery(query): RawQuery) -> Rows {
    let reader = reader(&app, entrance)?;
    let mut fields = Fields::of_query(&query.unwrap_or_default());
    let limit = fields.opt_number("limit");
    fields.end()?;
    let Some(caller) = reader else { return general(&app.chat, Part { before: None, limit }).await };
    rows(&app.chat, history::outside_rooms(&app.chat, &caller, limit).await?).await
}

/// `GET /broadcast-history`: General.
pub(super) async fn broadcasts(
    State(app): State<App>,
    entrance: Entrance,
    RawQuery(query): RawQuery,
) -> Rows {
    reader(&app, entrance)?;
    general(&app.chat, part(query)?).await
}

/// `GET /history/{user1}/{user2}`: the direct chat of two, of whom the caller is one; for guests, the chat of two guests.
pub(super) async fn between(
    State(app): State<App>,
    entrance: Entrance,
    Path((user1, user2)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Rows {
    let reader = reader(&app, entrance)?;
    let pair = (path_number("user1", &user1)?, path_number("user2", &user2)?);
    let part = part(query)?;
    match reader {
        Some(caller) => own(&app.chat, &caller, pair, part).await,
        None => of_guests(&app.chat, pair, part).await,
    }
}

/// Who reads. Nobody in particular where guests are let in; elsewhere people who signed in only.
fn reader(app: &App, entrance: Entrance) -> Answer<Option<Caller>> {
    if entrance.maybe_signed().is_none() && app.settings.dialects == Dialects::Open {
        return Ok(None);
    }
    entrance.signed(Dialect::ChatterBox).map(Some)
}

fn part(query: Option<String>) -> Answer<Part> {
    let mut fields = Fields::of_query(&query.unwrap_or_default());
    let part = Part { before: fields.opt_number("before").map(MessageId), limit: fields.opt_number("limit") };
    fields.end()?;
    Ok(part)
}

async fn general(chat: &Chat, part: Part) -> Rows {
    let messages = history::of_general(chat, part).await?;
    rows(chat, messages.into_iter().map(|message| Posted { message, to: None }).collect()).await
}

async fn own(chat: &Chat, caller: &Caller, pair: (i64, i64), part: Part) -> Rows {
    let me = caller.account.id.0;
    let other = match pair {
        (one, other) if one == me => other,
        (one, other) if other == me => one,
        // An empty array would say that the two never wrote to each other.
        _ => {
            let why = "Only the two of a chat read it";
            return Err(Detail::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, why));
        }
    };
    let Some(partner) = numbers::whose(chat, other).await? else { return Ok(Json(Vec::new())) };
    let messages = history::with(chat, caller, partner.id, part).await?;
    Ok(Json(of_pair(
        messages,
        |message| if message.author.id == partner.id { (other, me) } else { (me, other) },
    )))
}

async fn of_guests(chat: &Chat, pair: (i64, i64), part: Part) -> Rows {
    let messages = history::between_guests(chat, pair, part).await?;
    let numbers = numbers::of(chat, messages.iter().map(|message| message.author.clone()).collect()).await?;
    let is_first = |message: &Message| numbers.get(&message.author.id) == Some(&pair.0);
    Ok(Json(of_pair(messages, |message| if is_first(message) { pair } else { (pair.1, pair.0) })))
}

fn of_pair(messages: Vec<Message>, from_and_to: impl Fn(&Message) -> (i64, i64)) -> Vec<Row> {
    let rows = messages.into_iter().filter_map(|message| {
        let (from, to) = from_and_to(&message);
        row(message, from, Some(to))
    });
    rows.collect()
}

async fn rows(chat: &Chat, posted: Vec<Posted>) -> Rows {
    let mut people: HashMap<_, Author> = HashMap::new();
    for Posted { message, to } in &posted {
        for author in [Some(&message.author), to.as_ref()].into_iter().flatten() {
            people.entry(author.id).or_insert_with(|| author.clone());
        }
    }
    let numbers = numbers::of(chat, people.into_values().collect()).await?;
    let rows = posted.into_iter().filter_map(|Posted { message, to }| {
        let sender = numbers.get(&message.author.id).copied()?;
        let receiver = to.and_then(|to| numbers.get(&to.id).copied());
        row(message, sender, receiver)
    });
    Ok(Json(rows.collect()))
}
