//! Messages as a page shows them, and the pages on which one's own are changed.

use super::{
    account::Nothing,
    forms::{Place, Posted, Reader},
    page::{self, Frame, Trouble},
    words::{Moment, Piece, app as app_of, mark, one_line, pieces},
};
use crate::{
    app::App,
    http::error::{Answer, Refusal},
};
use askama::Template;
use axum::{extract::State, response::Response};
use chat::{conversations, messages as rules, reactions};
use protocol::{
    AccountId, ConversationSummary, ErrorCode, MembershipRole, Message, MessageId, Seq, api::EditMessage,
};
use serde::Deserialize;
use std::collections::HashMap;

/// Messages by one person closer together than this share one name, in milliseconds.
const RUN_MS: i64 = 5 * 60 * 1000;
/// What a quote shows of the message that is answered.
const QUOTE_CHARS_MAX: usize = 120;
/// So many messages stand below the one that a link leads to, where a page is long enough.
const CONTEXT_LEN: Seq = 10;

/// A message on the page.
pub(super) struct Line {
    pub(super) message: Message,
    /// `None` for a deleted one.
    pub(super) pieces: Option<Vec<Piece>>,
    pub(super) at: Moment,
    /// The first message of its day on this page.
    pub(super) begins_day: bool,
    /// The first message that was not read before.
    pub(super) begins_new: bool,
    /// By the same person as the message above, soon after it.
    pub(super) goes_on: bool,
    pub(super) is_mine: bool,
    pub(super) names_me: bool,
    pub(super) mark: &'static str,
    /// The app by whose client it was said; empty for ours.
    pub(super) via: &'static str,
    pub(super) quote: Option<Quote>,
    pub(super) reactions: Vec<Count>,
    pub(super) may_delete: bool,
}

/// How many put an emoji on a message.
pub(super) struct Count {
    pub(super) emoji: String,
    pub(super) number: usize,
    pub(super) is_mine: bool,
}

/// The message that another one answers.
#[derive(Clone)]
pub(super) struct Quote {
    pub(super) id: MessageId,
    pub(super) who: String,
    pub(super) text: String,
    /// Where it stands; empty where nothing is to be seen of it.
    pub(super) place: String,
}

impl Quote {
    fn new(message: &Message, place: String) -> Self {
        let text = message.body.as_deref();
        Self {
            id: message.id,
            who: message.author.display_name.clone(),
            text: text.map_or("(deleted)".to_owned(), |body| one_line(body, QUOTE_CHARS_MAX)),
            place,
        }
    }

    /// The quote of a message of this conversation. Errors: `unknown_message`.
    pub(super) async fn of(
        app: &App,
        reader: &Reader,
        summary: &ConversationSummary,
        id: MessageId,
    ) -> Answer<Self> {
        let message = rules::get(&app.chat, &reader.caller, id).await?;
        if message.conversation_id != summary.details.id {
            return Err(Refusal::new(ErrorCode::UnknownMessage));
        }
        Ok(Self::new(&message, place(app, summary, message.seq)))
    }
}

/// The page of the conversation on which a message stands, at that message.
fn place(app: &App, summary: &ConversationSummary, seq: Seq) -> String {
    let id = summary.details.id;
    let page_len = app.chat.limits().page_len;
    if summary.last_seq - seq < page_len {
        return format!("/lite/c/{id}#m{seq}");
    }
    format!("/lite/c/{id}?before={}#m{seq}", seq + CONTEXT_LEN.min(page_len / 2) + 1)
}

/// The messages of a page as the reader sees them.
pub(super) async fn lines(
    app: &App,
    reader: &Reader,
    summary: &ConversationSummary,
    messages: Vec<Message>,
) -> Answer<Vec<Line>> {
    let quotes = quotes(app, reader, summary, &messages).await?;
    let mut lines: Vec<Line> = Vec::new();
    let mut read = false;
    for message in messages {
        let me = reader.caller.account.id;
        let at = Moment::from(message.created_at);
        let above = lines.last();
        let begins_day = above.is_none_or(|above| above.at.date != at.date);
        let begins_new = !read && message.seq > summary.read_seq && message.author.id != me;
        read |= begins_new;
        let is_run = above.is_some_and(|above| {
            above.message.author.id == message.author.id
                && message.created_at.0 - above.message.created_at.0 < RUN_MS
        });
        let is_mine = message.author.id == me;
        let is_there = message.body.is_some() && summary.details.archived_at.is_none();
        lines.push(Line {
            pieces: message.body.as_deref().map(pieces),
            at,
            begins_day,
            begins_new,
            goes_on: is_run && !begins_day && !begins_new,
            is_mine,
            names_me: message.mentions.contains(&me),
            mark: mark(message.author.kind),
            via: message.dialect.map_or("", app_of),
            quote: message.reply_to.and_then(|answered| quotes.get(&answered).cloned()),
            reactions: counts(&message, me),
            may_delete: is_there && (is_mine || summary.role >= MembershipRole::Moderator),
            message,
        });
    }
    Ok(lines)
}

fn counts(message: &Message, me: AccountId) -> Vec<Count> {
    let count = |reaction: &protocol::Reaction| Count {
        emoji: reaction.emoji.clone(),
        number: reaction.accounts.len(),
        is_mine: reaction.accounts.contains(&me),
    };
    message.reactions.iter().map(count).collect()
}

/// What the messages of a page answer: from the page itself, or looked up one by one, at most as many as stand on it.
async fn quotes(
    app: &App,
    reader: &Reader,
    summary: &ConversationSummary,
    messages: &[Message],
) -> Answer<HashMap<MessageId, Quote>> {
    let mut quotes = HashMap::new();
    for answered in messages.iter().filter_map(|message| message.reply_to) {
        if quotes.contains_key(&answered) {
            continue;
        }
        let here = messages.iter().find(|message| message.id == answered);
        let quote = match here {
            Some(message) => Quote::new(message, format!("#m{}", message.seq)),
            None => match Quote::of(app, reader, summary, answered).await {
                Ok(quote) => quote,
                // It was said before this reader came.
                Err(refusal) if refusal.0.code == ErrorCode::UnknownMessage => Quote {
                    id: answered,
                    who: String::new(),
                    text: "an earlier message".to_owned(),
                    place: String::new(),
                },
                Err(refusal) => return Err(refusal),
            },
        };
        quotes.insert(answered, quote);
    }
    Ok(quotes)
}

#[derive(Template)]
#[template(path = "lite/edit.html")]
struct EditPage<'a> {
    frame: &'a Frame,
    id: MessageId,
    body: &'a str,
    back: String,
}

/// Where a message stands now.
async fn place_of(app: &App, reader: &Reader, message: &Message) -> Answer<String> {
    let summary = conversations::get(&app.chat, &reader.caller, message.conversation_id).await?;
    Ok(place(app, &summary, message.seq))
}

/// The same, with what was done said on it.
fn with_done(place: &str, done: &str) -> String {
    let (page, anchor) = place.split_once('#').unwrap_or((place, ""));
    let sign = if page.contains('?') { '&' } else { '?' };
    format!("{page}{sign}done={done}#{anchor}")
}

async fn edit_page(
    app: &App,
    reader: &Reader,
    message: &Message,
    body: &str,
    trouble: Option<Trouble>,
) -> Answer<Response> {
    let frame = Frame::of(app, reader, "Edit your message").with(trouble);
    let back = place_of(app, reader, message).await?;
    Ok(page::answer(&frame, &EditPage { frame: &frame, id: message.id, body, back }))
}

pub(super) async fn edit_form(
    State(app): State<App>,
    reader: Reader,
    Place(id): Place<MessageId>,
) -> Answer<Response> {
    let message = rules::get(&app.chat, &reader.caller, id).await?;
    let Some(body) = &message.body else { return Err(Refusal::new(ErrorCode::MessageDeleted)) };
    if message.author.id != reader.caller.account.id {
        return Err(Refusal::new(ErrorCode::Forbidden).detail("Only the author can edit a message."));
    }
    edit_page(&app, &reader, &message, body, None).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EditFields {
    body: String,
}

pub(super) async fn edit(
    State(app): State<App>,
    Place(id): Place<MessageId>,
    Posted { reader, fields }: Posted<EditFields>,
) -> Answer<Response> {
    let with = EditMessage { body: fields.body.replace("\r\n", "\n") };
    match rules::edit(&app.chat, &reader.caller, id, with).await {
        Ok(message) => {
            let place = place_of(&app, &reader, &message).await?;
            Ok(page::see_other(&with_done(&place, "edited")))
        }
        Err(error) => {
            let message = rules::get(&app.chat, &reader.caller, id).await?;
            edit_page(&app, &reader, &message, &fields.body, Some(error.into())).await
        }
    }
}

/// What a message said for a while.
struct Before {
    pieces: Vec<Piece>,
    until: Moment,
}

#[derive(Template)]
#[template(path = "lite/edits.html")]
struct EditsPage<'a> {
    frame: &'a Frame,
    now: Vec<Piece>,
    /// The newest first.
    before: Vec<Before>,
    back: String,
}

pub(super) async fn edits(
    State(app): State<App>,
    reader: Reader,
    Place(id): Place<MessageId>,
) -> Answer<Response> {
    let message = rules::get(&app.chat, &reader.caller, id).await?;
    let Some(body) = &message.body else { return Err(Refusal::new(ErrorCode::MessageDeleted)) };
    let edits = rules::edits(&app.chat, &reader.caller, id).await?.edits;
    let before =
        edits.iter().rev().map(|edit| Before { pieces: pieces(&edit.body), until: edit.edited_at.into() });
    let frame = Frame::of(&app, &reader, format!("What {} wrote before", message.author.display_name));
    let back = place_of(&app, &reader, &message).await?;
    let page = EditsPage { frame: &frame, now: pieces(body), before: before.collect(), back };
    Ok(page::answer(&frame, &page))
}

#[derive(Template)]
#[template(path = "lite/delete.html")]
struct DeletePage<'a> {
    frame: &'a Frame,
    message: &'a Message,
    pieces: Vec<Piece>,
    back: String,
}

pub(super) async fn delete_form(
    State(app): State<App>,
    reader: Reader,
    Place(id): Place<MessageId>,
) -> Answer<Response> {
    let message = rules::get(&app.chat, &reader.caller, id).await?;
    let Some(body) = &message.body else { return Err(Refusal::new(ErrorCode::MessageDeleted)) };
    let frame = Frame::of(&app, &reader, "Delete this message?");
    let back = place_of(&app, &reader, &message).await?;
    let page = DeletePage { frame: &frame, message: &message, pieces: pieces(body), back };
    Ok(page::answer(&frame, &page))
}

pub(super) async fn delete(
    State(app): State<App>,
    Place(id): Place<MessageId>,
    Posted { reader, .. }: Posted<Nothing>,
) -> Answer<Response> {
    let message = rules::delete(&app.chat, &reader.caller, id).await?;
    let place = place_of(&app, &reader, &message).await?;
    Ok(page::see_other(&with_done(&place, "deleted")))
}

/// What the page offers; any other emoji can be typed.
const EMOJI: [&str; 6] = ["👍", "❤️", "😂", "🎉", "😮", "😢"];

#[derive(Template)]
#[template(path = "lite/react.html")]
struct ReactPage<'a> {
    frame: &'a Frame,
    id: MessageId,
    quote: Quote,
    offered: [&'static str; 6],
    mine: Vec<Count>,
    emoji: &'a str,
}

async fn react_page(
    app: &App,
    reader: &Reader,
    id: MessageId,
    emoji: &str,
    trouble: Option<Trouble>,
) -> Answer<Response> {
    let message = rules::get(&app.chat, &reader.caller, id).await?;
    let frame = Frame::of(app, reader, "React to a message").with(trouble);
    let quote = Quote::new(&message, place_of(app, reader, &message).await?);
    let mut mine = counts(&message, reader.caller.account.id);
    mine.retain(|count| count.is_mine);
    let page = ReactPage { frame: &frame, id, quote, offered: EMOJI, mine, emoji };
    Ok(page::answer(&frame, &page))
}

pub(super) async fn react_form(
    State(app): State<App>,
    reader: Reader,
    Place(id): Place<MessageId>,
) -> Answer<Response> {
    react_page(&app, &reader, id, "", None).await
}

/// Setting and taking back are told apart, so that a form sent twice does what it says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReactFields {
    emoji: String,
    take_back: super::forms::Ticked,
}

pub(super) async fn react(
    State(app): State<App>,
    Place(id): Place<MessageId>,
    Posted { reader, fields }: Posted<ReactFields>,
) -> Answer<Response> {
    let emoji = fields.emoji.trim();
    match reactions::set(&app.chat, &reader.caller, id, emoji, !fields.take_back.0).await {
        Ok(message) => Ok(page::see_other(&place_of(&app, &reader, &message).await?)),
        Err(error) => react_page(&app, &reader, id, emoji, Some(error.into())).await,
    }
}
