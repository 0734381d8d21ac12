//! `/ws`: a WebSocket for General, for each private chat and for each room. Who may not be there is refused before the
//! connection becomes one.

use super::{
    super::{
        detail::{Answer, Detail},
        entrance::Entrance,
        fields::path_number,
        talk,
    },
    voice::Voice,
    words,
};
use crate::{
    app::App,
    wire::{self, NoUpgrade},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use protocol::{ConversationId, ConversationKind, Dialect, ErrorCode, ids::GENERAL};

type Upgrade = Result<wire::Upgrade, NoUpgrade>;

/// General.
pub(super) async fn general(
    State(app): State<App>,
    entrance: Entrance,
    upgrade: Upgrade,
) -> Answer<Response> {
    open(app, entrance, upgrade, ConversationKind::General, Ok(GENERAL)).await
}

/// A private chat.
pub(super) async fn private(
    State(app): State<App>,
    entrance: Entrance,
    Path(id): Path<String>,
    upgrade: Upgrade,
) -> Answer<Response> {
    let id = path_number("chat_id", &id).map(ConversationId);
    open(app, entrance, upgrade, ConversationKind::Direct, id).await
}

/// A room.
pub(super) async fn room(
    State(app): State<App>,
    entrance: Entrance,
    Path(id): Path<String>,
    upgrade: Upgrade,
) -> Answer<Response> {
    let id = path_number("room_id", &id).map(ConversationId);
    open(app, entrance, upgrade, ConversationKind::Room, id).await
}

async fn open(
    app: App,
    entrance: Entrance,
    upgrade: Upgrade,
    kind: ConversationKind,
    id: Answer<ConversationId>,
) -> Answer<Response> {
    // Where guests are let in, it is by the doors of dialects whose clients cannot sign in. This one's can.
    let caller = entrance.maybe_signed().cloned().ok_or_else(nobody)?.through(Dialect::Chats);
    let id = id?;
    let upgrade = upgrade.map_err(no_socket)?;
    talk::open(app, entrance, Dialect::Chats, upgrade, async move |speaker| {
        // First the ears: who is let go while we look is told so by them.
        let ears = speaker.ears().await?;
        let chat = &speaker.app().chat;
        let (_, place) = words::conversation(chat, &caller, kind, id).await.map_err(not_here)?;
        Ok((Voice::new(chat, caller, id, place).await?, ears))
    })
    .await
}

fn nobody() -> Detail {
    Detail::not_signed_in().with_status(StatusCode::FORBIDDEN)
}

/// A handshake is refused by 403, whatever the reason; this one says nothing of whether there is such a conversation.
fn not_here(error: chat::Error) -> Detail {
    let is_outside = error.code == ErrorCode::NotAMember;
    let detail = Detail::from(error);
    if is_outside { detail.with_status(StatusCode::FORBIDDEN) } else { detail }
}

fn no_socket(NoUpgrade(status, _): NoUpgrade) -> Detail {
    Detail::new(status, ErrorCode::InvalidRequest, "This address is for WebSockets")
}
