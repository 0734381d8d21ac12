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
        let query = Fields::of_query(request.uri().query().unwrap_or_default());
        let body = <Fields as OptionalFromRequest<S>>::from_request(request, state).await?;
        Self::new(query, body)
    }
}

impl Part {
    fn new(query: Fields, body: Option<Fields>) -> Answer<Self> {
        let by_query = Self::read(query)?;
        match body {
            Some(body) if by_query == (None, None) => Self::read(body),
            _ => Ok(by_query),
        }
        .map(|(limit, offset)| Self { limit, offset: offset.unwrap_or(0) })
    }

    fn read(mut fields: Fields) -> Answer<(Option<i64>, Option<i64>)> {
        let part = (fields.opt_number_from(1, "limit"), fields.opt_number_from(0, "offset"));
        fields.end().map(|_| part)
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

    fn part(query: &str, body: &str) -> Answer<Part> {
        let body = if body.is_empty() { None } else { Some(Fields::of_body(body.as_bytes()).unwrap()) };
        Part::new(Fields::of_query(query), body)
    }

    #[test]
    fn the_query_goes_before_the_body_and_nothing_may_be_negative() {
        let body = r#"{"limit":50,"offset":"7"}"#;
        assert_eq!(part("", body).unwrap(), Part { limit: Some(50), offset: 7 });
        assert_eq!(part("limit=3", body).unwrap(), Part { limit: Some(3), offset: 0 });
        assert_eq!(part("", "").unwrap(), Part { limit: None, offset: 0 });
        for (query, body) in
            [("limit=0", ""), ("offset=-1", ""), ("", r#"{"offset":-1}"#), ("", r#"{"limit":"all"}"#)]
        {
            part(query, body).unwrap_err();
        }
    }
}
