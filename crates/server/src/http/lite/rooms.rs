//! Making a room.

use super::{
    forms::{Posted, Reader},
    page::{self, Frame, Trouble},
};
use crate::app::App;
use askama::Template;
use axum::{extract::State, response::Response};
use chat::conversations;
use protocol::{ConversationKind, api::CreateConversation};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RoomFields {
    name: String,
    description: String,
}

#[derive(Template)]
#[template(path = "lite/new_room.html")]
struct NewRoomPage<'a> {
    frame: &'a Frame,
    fields: &'a RoomFields,
}

fn new_room_page(app: &App, reader: &Reader, fields: &RoomFields, trouble: Option<Trouble>) -> Response {
    let frame = Frame::of(app, reader, "New room").with(trouble);
    page::answer(&frame, &NewRoomPage { frame: &frame, fields })
}

pub(super) async fn form(State(app): State<App>, reader: Reader) -> Response {
    new_room_page(&app, &reader, &RoomFields::default(), None)
}

/// The new room's first invite is shown next: a room with one person in it wants others.
pub(super) async fn create(
    State(app): State<App>,
    Posted { reader, fields }: Posted<RoomFields>,
) -> Response {
    let with = CreateConversation {
        kind: ConversationKind::Room,
        name: Some(fields.name.clone()),
        description: Some(fields.description.clone()),
        account_id: None,
    };
    match conversations::create(&app.chat, &reader.caller, with).await {
        Ok((created, _)) => {
            let id = created.conversation.details.id;
            let code = created.invite.and_then(|invite| invite.code);
            page::see_other(&match code {
                Some(code) => format!("/lite/c/{id}/invites/{code}"),
                None => format!("/lite/c/{id}"),
            })
        }
        Err(error) => new_room_page(&app, &reader, &fields, Some(error.into())),
    }
}
