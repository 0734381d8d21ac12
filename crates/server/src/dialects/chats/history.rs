//! Histories. The documented `limit` and `offset` come as parameters of the query; a JSON body, as the app's document
//! shows it for a GET, is read too.
//!
//! `offset` counts places from the newest message back, so it is turned into a number to read from: messages are numbered
//! without gaps, and a far page costs what a near one does. Deleted messages keep their places and are left out.

use super::{
    super::{
        detail::{Answer, Detail},
        fields::Fields,
    },
    signed::{ChatId, RoomId, Signed},
    words,
};
use crate::app::App;
use axum::{
    Json,
    extract::{FromRequest, OptionalFromRequest, Request, State},
};
use chat::{Window, messages};
use protocol::{ConversationId, ConversationKind, ids::GENERAL};
use serde_json::{Value, json};

/// Which part of a history is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    limit: Option<i64>,
    offset: i64,
}

impl<S: Send + Sync> FromRequest<S> for Part {
    type Rejection = Detail;

    async fn from_request(request: Request, state: &S) -> Answer<Self> {
        let mut query = Fields::of_query(request.uri().query().unwrap_or_default());
        let (limit, offset) = (query.opt_number("limit"), query.opt_number("offset"));
        query.end()?;
        let body = <Fields as OptionalFromRequest<S>>::from_request(request, state).await?;
        Self::new(limit, offset, body)
    }
}

impl Part {
    fn new(mut limit: Option<i64>, mut offset: Option<i64>, body: Option<Fields>) -> Answer<Self> {
        let mut place = "query";
        if let Some(mut fields) = body.filter(|_| limit.is_none() && offset.is_none()) {
            (limit, offset) = (fields.opt_number("limit"), fields.opt_number("offset"));
            fields.end()?;
            place = "body";
        }
        let mut wrong = Vec::new();
        for (name, value, least) in [("limit", limit, 1), ("offset", offset, 0)] {
            if let Some(value) = value.filter(|value| *value < least) {
                wrong.push(json!({
                    "type": "greater_than_equal",
                    "loc": [place, name],
                    "msg": format!("Input should be greater than or equal to {least}"),
                    "input": value,
                    "ctx": { "ge": least },
                }));
            }
        }
        if !wrong.is_empty() {
            return Err(Detail::of_fields(wrong));
        }
        Ok(Self { limit, offset: offset.unwrap_or(0) })
    }
}

/// What was said in General.
pub(super) async fn general(State(app): State<App>, signed: Signed, part: Part) -> Answer<Json<Value>> {
    page(&app, &signed, ConversationKind::General, GENERAL, part).await
}

/// What was said in a private chat.
pub(super) async fn private(
    State(app): State<App>,
    signed: Signed,
    ChatId(id): ChatId,
    part: Part,
) -> Answer<Json<Value>> {
    page(&app, &signed, ConversationKind::Direct, id, part).await
}

/// What was said in a room.
pub(super) async fn room(
    State(app): State<App>,
    signed: Signed,
    RoomId(id): RoomId,
    part: Part,
) -> Answer<Json<Value>> {
    page(&app, &signed, ConversationKind::Room, id, part).await
}

async fn page(
    app: &App,
    signed: &Signed,
    kind: ConversationKind,
    id: ConversationId,
    part: Part,
) -> Answer<Json<Value>> {
    let (summary, place) = words::conversation(&app.chat, &signed.caller, kind, id).await?;
    let window = match part.offset {
        0 => Window::Newest,
        offset => Window::Before(summary.last_seq.saturating_sub(offset).saturating_add(1)),
    };
    let page = messages::history(&app.chat, &signed.caller, id, window, part.limit).await?;
    let places = i64::try_from(page.messages.len()).unwrap_or(i64::MAX);
    let said = page.messages.iter().filter(|message| message.body.is_some());
    let said: Vec<Value> = said.map(|message| place.message(message)).collect();
    Ok(Json(json!({
        "messages": said,
        "has_more": page.has_more,
        "next_offset": part.offset.saturating_add(places),
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(limit: Option<i64>, offset: Option<i64>, body: &str) -> Answer<Part> {
        let body = if body.is_empty() { None } else { Some(Fields::of_body(body.as_bytes()).unwrap()) };
        Part::new(limit, offset, body)
    }

    #[test]
    fn the_query_goes_before_the_body_and_nothing_may_be_negative() {
        let body = r#"{"limit":50,"offset":"7"}"#;
        assert_eq!(part(None, None, body).unwrap(), Part { limit: Some(50), offset: 7 });
        assert_eq!(part(Some(3), None, body).unwrap(), Part { limit: Some(3), offset: 0 });
        assert_eq!(part(None, None, "").unwrap(), Part { limit: None, offset: 0 });
        for (limit, offset, body) in [
            (Some(0), None, ""),
            (None, Some(-1), ""),
            (None, None, r#"{"offset":-1}"#),
            (None, None, r#"{"limit":"all"}"#),
        ] {
            part(limit, offset, body).unwrap_err();
        }
    }
}
