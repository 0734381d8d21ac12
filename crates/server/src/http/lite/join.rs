//! The page behind an invite link: the room's public card, and the one thing to do with it.

use super::{
    account::Nothing,
    forms::{MaybeReader, Place, Posted, Reader},
    page::{self, Frame, Trouble},
};
use crate::{
    app::App,
    http::{Visitor, error::Answer},
};
use askama::Template;
use axum::{extract::State, response::Response};
use chat::{Client, invites as rules};
use protocol::{InviteCard, MembershipState, api::Registration};

#[derive(Template)]
#[template(path = "lite/join.html")]
struct JoinPage<'a> {
    frame: &'a Frame,
    card: InviteCard,
    code: &'a str,
    may_register: bool,
}

impl JoinPage<'_> {
    fn is_in(&self) -> bool {
        self.card.state == Some(MembershipState::Active)
    }

    fn waits(&self) -> bool {
        self.card.state == Some(MembershipState::Pending)
    }

    fn is_banned(&self) -> bool {
        self.card.state == Some(MembershipState::Banned)
    }
}

pub(super) async fn card(
    State(app): State<App>,
    MaybeReader(reader): MaybeReader,
    Visitor(client): Visitor,
    Place(code): Place<String>,
) -> Answer<Response> {
    join_page(&app, reader.as_ref(), &client, &code, None).await
}

async fn join_page(
    app: &App,
    reader: Option<&Reader>,
    client: &Client,
    code: &str,
    trouble: Option<Trouble>,
) -> Answer<Response> {
    let card = rules::card(&app.chat, reader.map(|reader| &reader.caller), client, code).await?;
    let title = format!("Join {}", card.name);
    let frame = match reader {
        Some(reader) => Frame::of(app, reader, title),
        None => Frame::open(app, title),
    };
    let frame = frame.with(trouble);
    let may_register = app.chat.registration() != Registration::Closed;
    let page = JoinPage { frame: &frame, card, code: code.trim(), may_register };
    Ok(page::answer(&frame, &page))
}

pub(super) async fn join(
    State(app): State<App>,
    Visitor(client): Visitor,
    Place(code): Place<String>,
    Posted { reader, .. }: Posted<Nothing>,
) -> Answer<Response> {
    match rules::join(&app.chat, &reader.caller, &client, &code).await {
        Ok(joined) if joined.state == MembershipState::Active => {
            Ok(page::see_other(&format!("/lite/c/{}?done=joined", joined.conversation_id)))
        }
        Ok(_) => Ok(page::see_other("/lite/?done=asked")),
        Err(error) => join_page(&app, Some(&reader), &client, &code, Some(error.into())).await,
    }
}
