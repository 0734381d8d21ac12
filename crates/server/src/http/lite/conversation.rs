//! A conversation: a page of its messages, and the form to write one more.

use super::{
    conversations::waiting,
    forms::{IsSeen, Place, Posted, Reader},
    messages::{Line, Quote, lines},
    page::{self, Frame, Trouble},
    words::{Piece, name_of},
};
use crate::{
    app::App,
    http::{error::Answer, extract::Query},
    random,
};
use askama::Template;
use axum::{extract::State, response::Response};
use chat::{Window, conversations, messages, receipts};
use protocol::{
    ConversationId, ConversationKind, ConversationSummary, ErrorCode, MembershipRole, Message, MessageId,
    Page, Seq, Timestamp, api::SendMessage,
};
use serde::{Deserialize, de::IgnoredAny};

/// A page that loads itself again does so no more often: a second person's page should not be a load that one notices.
const REFRESH_S_MIN: u32 = 10;
/// And no less often: whoever wants it slower does not want it.
const REFRESH_S_MAX: u32 = 3600;
/// What the link on the page offers.
const REFRESH_S: u32 = 30;

/// Which part of a conversation, and how.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct View {
    before: Option<Seq>,
    after: Option<Seq>,
    /// The message that is being answered.
    reply: Option<MessageId>,
    /// Load again after so many seconds.
    refresh: Option<u32>,
    /// Says nothing: it is another one each time, because a browser that is led to where it is only scrolls.
    #[serde(rename = "look")]
    _look: IgnoredAny,
    done: String,
}

impl View {
    fn window(&self) -> Window {
        match (self.before, self.after) {
            (Some(seq), _) => Window::Before(seq),
            (None, Some(seq)) => Window::After(seq),
            (None, None) => Window::Newest,
        }
    }
}

/// The form as it stands on the page.
struct Draft {
    body: String,
    /// Sent twice, by a second press of the button, it is stored once.
    cid: String,
    reply: Option<Quote>,
}

impl Draft {
    fn new(reply: Option<Quote>) -> Answer<Self> {
        Ok(Self { body: String::new(), cid: new_cid()?, reply })
    }
}

fn new_cid() -> Answer<String> {
    Ok(format!("lite-{}", random::id()?))
}

#[derive(Template)]
#[template(path = "lite/conversation.html")]
struct ConversationPage<'a> {
    frame: &'a Frame,
    summary: &'a ConversationSummary,
    lines: Vec<Line>,
    /// Shows what is older than this.
    older: Option<Seq>,
    /// Shows what is newer than this.
    newer: Option<Seq>,
    /// The first message that was not read before this page and stands above it.
    skipped_after: Option<Seq>,
    /// Absent where nothing can be written: in an archived room, and away from the newest messages.
    draft: Option<Draft>,
    is_newest: bool,
    refresh_s: u32,
    /// When the page was made.
    now: Timestamp,
}

impl ConversationPage<'_> {
    fn is_room(&self) -> bool {
        self.summary.details.kind == ConversationKind::Room
    }

    fn is_direct(&self) -> bool {
        self.summary.details.kind == ConversationKind::Direct
    }

    /// A hint, so that nobody is shown a link that leads to a refusal: the rules decide.
    fn may_invite(&self) -> bool {
        self.summary.role >= MembershipRole::Moderator
            && !self.is_direct()
            && self.summary.details.archived_at.is_none()
    }

    fn waiting(&self) -> Option<String> {
        waiting(self.summary)
    }
}

pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    Place(id): Place<ConversationId>,
    IsSeen(is_seen): IsSeen,
    Query(view): Query<View>,
) -> Answer<Response> {
    let summary = conversations::get(&app.chat, &reader.caller, id).await?;
    let page = messages::history(&app.chat, &reader.caller, id, view.window(), None).await?;
    if page.messages.is_empty() && view.window() != Window::Newest {
        // Above the first message or below the last one.
        return Ok(page::see_other(&format!("/lite/c/{id}#latest")));
    }
    let reply = match view.reply {
        Some(answered) => Some(Quote::of(&app, &reader, &summary, answered).await?),
        None => None,
    };
    let refresh_s = view.refresh.map(|seconds| seconds.clamp(REFRESH_S_MIN, REFRESH_S_MAX));
    // A GET that stores something must do no harm when it comes twice, early, or caused by another site. A receipt only
    // grows, and only says that this page was shown, which is what happened. A page that loads itself again may stand
    // there with nobody before it.
    if is_seen
        && refresh_s.is_none()
        && let Some(seq) = read_up_to(&summary, view.window(), &page.messages)
    {
        receipts::mark_read(&app.chat, &reader.caller, id, seq).await?;
    }
    let notice = match view.done.as_str() {
        "edited" => Some("The message is changed."),
        "deleted" => Some("The message is deleted."),
        "joined" => Some("You are in the room."),
        _ => None,
    };
    let mut frame = Frame::of(&app, &reader, name_of(&summary)).noting(notice);
    frame.refresh_s = refresh_s;
    // What is being written would be lost when the page loads itself again.
    let draft = if refresh_s.is_none() { Some(Draft::new(reply)?) } else { None };
    render(&app, &reader, &frame, summary, view.window(), page, draft).await
}

/// The newest page counts as read, and so does a page that goes on where reading stood.
fn read_up_to(summary: &ConversationSummary, window: Window, messages: &[Message]) -> Option<Seq> {
    let (first, last) = (messages.first()?.seq, messages.last()?.seq);
    let goes_on = first <= summary.read_seq + 1;
    let is_new = last > summary.read_seq;
    let counts = match window {
        Window::Newest => true,
        Window::After(_) => goes_on,
        Window::Before(_) => false,
    };
    (counts && is_new).then_some(last)
}

async fn render(
    app: &App,
    reader: &Reader,
    frame: &Frame,
    summary: ConversationSummary,
    window: Window,
    page: Page,
    draft: Option<Draft>,
) -> Answer<Response> {
    let first = page.messages.first().map(|message| message.seq);
    let last = page.messages.last().map(|message| message.seq);
    let is_newest = match window {
        Window::Newest => true,
        Window::After(_) => !page.has_more,
        Window::Before(_) => last.is_none_or(|last| last >= summary.last_seq),
    };
    let has_older = match window {
        Window::After(seq) => seq > 0,
        Window::Newest | Window::Before(_) => page.has_more,
    };
    let is_open = summary.details.archived_at.is_none();
    let page = ConversationPage {
        frame,
        lines: lines(app, reader, &summary, page.messages).await?,
        older: first.filter(|_| has_older),
        newer: last.filter(|_| !is_newest),
        skipped_after: first.filter(|first| *first > summary.read_seq + 1).map(|_| summary.read_seq),
        // What somebody wrote comes back even where it cannot be sent any more.
        draft: draft.filter(|draft| is_newest && (is_open || !draft.body.is_empty())),
        summary: &summary,
        is_newest,
        refresh_s: REFRESH_S,
        now: app.clock.now(),
    };
    Ok(page::answer(frame, &page))
}

#[derive(Debug, Deserialize)]
pub(super) struct WriteFields {
    #[serde(default)]
    body: String,
    #[serde(default)]
    cid: String,
    reply_to: Option<MessageId>,
}

pub(super) async fn write(
    State(app): State<App>,
    Place(id): Place<ConversationId>,
    Posted { reader, fields }: Posted<WriteFields>,
) -> Answer<Response> {
    let with = SendMessage {
        cid: fields.cid.clone(),
        // Browsers send every line end as two characters, which would be counted as two.
        body: fields.body.replace("\r\n", "\n"),
        reply_to: fields.reply_to,
    };
    match messages::send(&app.chat, &reader.caller, id, with).await {
        Ok(_) => Ok(page::see_other(&format!("/lite/c/{id}#latest"))),
        Err(error) => write_again(&app, &reader, id, fields, error).await,
    }
}

/// The page with what was written still in its form.
async fn write_again(
    app: &App,
    reader: &Reader,
    id: ConversationId,
    fields: WriteFields,
    error: chat::Error,
) -> Answer<Response> {
    let summary = conversations::get(&app.chat, &reader.caller, id).await?;
    let page = messages::history(&app.chat, &reader.caller, id, Window::Newest, None).await?;
    // What is answered may be what was refused.
    let reply = match fields.reply_to {
        Some(answered) => Quote::of(app, reader, &summary, answered).await.ok(),
        None => None,
    };
    let (cid, error) = match error.code {
        // Somebody went back to a form that was sent, and wrote something else into it.
        ErrorCode::CidReused => (
            new_cid()?,
            error
                .because("This form was sent before with another text. Send it again to post this text too."),
        ),
        ErrorCode::InvalidRequest if error.field == Some("cid") => {
            (new_cid()?, error.because("The form was not complete. Send it again."))
        }
        _ => (fields.cid, error),
    };
    let frame = Frame::of(app, reader, name_of(&summary)).with(Some(Trouble::from(error)));
    let draft = Draft { body: fields.body, cid, reply };
    render(app, reader, &frame, summary, Window::Newest, page, Some(draft)).await
}
