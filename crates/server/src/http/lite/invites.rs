//! A room's invites, for those who make them.

use super::{
    account::Nothing,
    forms::{Place, Posted, Reader, Ticked},
    page::{self, Done, Frame, Trouble},
    words::{Moment, count, name_of},
};
use crate::{
    app::App,
    http::{
        Visitor,
        error::{Answer, Refusal},
        extract::Query,
    },
};
use askama::Template;
use axum::{extract::State, response::Response};
use chat::{conversations, invites as rules};
use protocol::{ConversationId, ErrorCode, Invite, InviteId, api::CreateInvite};
use serde::Deserialize;

const DAY_S: i64 = 24 * 3600;

/// An invite that was made before: its link is known to whoever made it.
struct Row {
    invite: Invite,
    made: Moment,
    until: Option<Moment>,
    used: String,
}

#[derive(Template)]
#[template(path = "lite/invites.html")]
struct InvitesPage<'a> {
    frame: &'a Frame,
    id: ConversationId,
    name: String,
    rows: Vec<Row>,
    fields: &'a InviteFields,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
pub(super) struct InviteFields {
    /// Whoever comes by this link gets in at once.
    open: Ticked,
    max_uses: String,
    days: String,
}

impl Default for InviteFields {
    fn default() -> Self {
        Self { open: Ticked(false), max_uses: String::new(), days: String::new() }
    }
}

pub(super) async fn list(
    State(app): State<App>,
    reader: Reader,
    Place(id): Place<ConversationId>,
    Query(Done { done }): Query<Done>,
) -> Answer<Response> {
    let notice = (done == "revoked").then_some("That link is good for nobody any more.");
    invites_page(&app, &reader, id, &InviteFields::default(), notice, None).await
}

async fn invites_page(
    app: &App,
    reader: &Reader,
    id: ConversationId,
    fields: &InviteFields,
    notice: Option<&'static str>,
    trouble: Option<Trouble>,
) -> Answer<Response> {
    let invites = rules::list(&app.chat, &reader.caller, id).await?.invites;
    let name = name_of(&conversations::get(&app.chat, &reader.caller, id).await?);
    let rows = invites.into_iter().map(|invite| Row {
        made: invite.created_at.into(),
        until: invite.expires_at.map(Moment::from),
        used: match invite.max_uses {
            Some(most) => format!("used {} of {}", invite.uses, count(most, "time", "times")),
            None => format!("used {}", count(invite.uses, "time", "times")),
        },
        invite,
    });
    let frame = Frame::of(app, reader, format!("Invites to {name}")).noting(notice).with(trouble);
    let page = InvitesPage { frame: &frame, id, name, rows: rows.collect(), fields };
    Ok(page::answer(&frame, &page))
}

/// A number that somebody may leave out.
fn number(field: &'static str, text: &str) -> chat::Result<Option<i64>> {
    match text.trim() {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| chat::Error::invalid(field, "This must be a number, or empty.")),
    }
}

fn draft(fields: &InviteFields) -> chat::Result<CreateInvite> {
    Ok(CreateInvite {
        needs_approval: !fields.open.0,
        max_uses: number("max_uses", &fields.max_uses)?,
        expires_in_s: number("days", &fields.days)?.map(|days| days.saturating_mul(DAY_S)),
    })
}

pub(super) async fn create(
    State(app): State<App>,
    Place(id): Place<ConversationId>,
    Posted { reader, fields }: Posted<InviteFields>,
) -> Answer<Response> {
    let made = match draft(&fields) {
        Ok(with) => rules::create(&app.chat, &reader.caller, id, with).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(invite) => {
            let code = invite.code.unwrap_or_default();
            Ok(page::see_other(&format!("/lite/c/{id}/invites/{code}")))
        }
        Err(error) => invites_page(&app, &reader, id, &fields, None, Some(error.into())).await,
    }
}

pub(super) async fn revoke(
    State(app): State<App>,
    Place((id, invite)): Place<(ConversationId, InviteId)>,
    Posted { reader, .. }: Posted<Nothing>,
) -> Answer<Response> {
    rules::revoke(&app.chat, &reader.caller, id, invite).await?;
    Ok(page::see_other(&format!("/lite/c/{id}/invites?done=revoked")))
}

#[derive(Template)]
#[template(path = "lite/invite.html")]
struct InvitePage<'a> {
    frame: &'a Frame,
    id: ConversationId,
    name: &'a str,
    link: String,
    lite_link: String,
    needs_approval: bool,
}

/// The link of an invite that was just made. Its code stands in the address, as in the link itself, because it is stored
/// nowhere. Only a code that does lead into this room is shown: nobody can be made to pass on another one.
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    Visitor(client): Visitor,
    Place((id, code)): Place<(ConversationId, String)>,
) -> Answer<Response> {
    let conversation = conversations::get(&app.chat, &reader.caller, id).await?;
    let card = rules::card(&app.chat, Some(&reader.caller), &client, &code).await?;
    if card.conversation_id != id {
        return Err(Refusal::new(ErrorCode::InviteInvalid));
    }
    let (name, origin, code) = (name_of(&conversation), app.site.public(), code.trim());
    let frame = Frame::of(&app, &reader, format!("Invite to {name}"));
    let page = InvitePage {
        frame: &frame,
        id,
        name: &name,
        link: format!("{origin}/join/{code}"),
        lite_link: format!("{origin}/lite/join/{code}"),
        needs_approval: card.needs_approval,
    };
    Ok(page::answer(&frame, &page))
}
