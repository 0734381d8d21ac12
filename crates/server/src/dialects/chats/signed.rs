//! Who asks, and of which chat or room: what the handlers of this dialect take out of a request.

use super::super::{
    detail::{Answer, Detail},
    entrance::Entrance,
    fields::path_number,
};
use crate::app::App;
use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use chat::{Caller, Client};
use protocol::{ConversationId, Dialect};

/// Somebody who is signed in. Refuses everybody else: this dialect knows no guests.
pub(super) struct Signed {
    pub(super) caller: Caller,
    pub(super) client: Client,
}

impl FromRequestParts<App> for Signed {
    type Rejection = Detail;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        let entrance = Entrance::from_request_parts(parts, app).await?;
        let client = entrance.client.clone();
        Ok(Self { caller: entrance.signed(Dialect::Chats)?, client })
    }
}

/// The private chat that the path names.
pub(super) struct ChatId(pub(super) ConversationId);

/// The room that the path names.
pub(super) struct RoomId(pub(super) ConversationId);

impl<S: Send + Sync> FromRequestParts<S> for ChatId {
    type Rejection = Detail;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        number(parts, state, "chat_id").await.map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RoomId {
    type Rejection = Detail;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        number(parts, state, "room_id").await.map(Self)
    }
}

async fn number<S: Send + Sync>(parts: &mut Parts, state: &S, name: &str) -> Answer<ConversationId> {
    // What is no UTF-8 is no number either.
    let text = Path::<String>::from_request_parts(parts, state).await.map(|Path(text)| text);
    path_number(name, &text.unwrap_or_default()).map(ConversationId)
}
