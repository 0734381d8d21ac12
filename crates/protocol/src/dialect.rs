//! Dialects: the ways in which clients of other chat systems speak with Parlor.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The documented chat app whose words a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// General, private chats and rooms with invite links; JSON over HTTP and WebSockets.
    Chats,
    /// Numbered people who send to all or to one.
    ChatterBox,
    /// Text frames that create, update and delete.
    ChatApp,
    /// A room in which everyone says their name with each message.
    Chatroom,
    /// Socket.IO events and forms.
    FlaskChat,
}
