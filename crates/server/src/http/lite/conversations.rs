//! The list of conversations, and the requests to join that wait.

use super::{
    forms::Reader,
    page::{self, Done, Frame, HOME},
    words::{Moment, count, full_name, name_of, one_line},
};
use crate::{
    app::App,
    http::{error::Answer, extract::Query},
};
use askama::Template;
use axum::{extract::State, response::Response};
use chat::conversations as rules;
use protocol::{ConversationKind, ConversationSummary, conversation::JoinRequest};

/// What the list shows of a conversation's last message.
const PREVIEW_CHARS_MAX: usize = 100;

/// A conversation in the list.
struct Row {
    summary: ConversationSummary,
    name: String,
    /// Where reading goes on.
    place: String,
    last: Option<Last>,
    /// Who asks to join, where the reader decides.
    waiting: Option<String>,
}

struct Last {
    who: String,
    text: String,
    at: Moment,
}

const SECTIONS: [(&str, ConversationKind); 3] = [
    ("Everyone", ConversationKind::General),
    ("Rooms", ConversationKind::Room),
    ("People", ConversationKind::Direct),
];

struct Section {
    heading: &'static str,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "lite/conversations.html")]
struct ListPage<'a> {
    frame: &'a Frame,
    sections: [Section; 3],
    requests: Vec<JoinRequest>,
}

pub(super) async fn to_the_list() -> Response {
    page::see_other(HOME)
}

pub(super) async fn list(
    State(app): State<App>,
    reader: Reader,
    Query(Done { done }): Query<Done>,
) -> Answer<Response> {
    let list = rules::list(&app.chat, &reader.caller, None, None).await?;
    let page_len = app.chat.limits().page_len;
    let mut rows: Vec<Row> = list.conversations.into_iter().map(|one| row(&reader, one, page_len)).collect();
    // By name, because a list that reorders itself is hard to find one's way in; what is archived comes last.
    rows.sort_by_cached_key(|row| {
        (row.summary.details.archived_at.is_some(), row.name.to_lowercase(), row.summary.details.id)
    });
    let sections = SECTIONS.map(|(heading, kind)| Section {
        heading,
        rows: rows.extract_if(.., |row| row.summary.details.kind == kind).collect(),
    });
    let notice = match done.as_str() {
        "left" => Some("You have left the room."),
        "taken-back" => Some("You no longer ask to join."),
        "asked" => Some("You have asked to join. The room appears here when somebody lets you in."),
        _ => None,
    };
    let frame = Frame::of(&app, &reader, "Conversations").noting(notice);
    Ok(page::answer(&frame, &ListPage { frame: &frame, sections, requests: list.requests }))
}

fn row(reader: &Reader, summary: ConversationSummary, page_len: i64) -> Row {
    let last = summary.last_message.as_ref().map(|message| Last {
        who: if message.author.id == reader.caller.account.id {
            "You".to_owned()
        } else {
            full_name(&message.author)
        },
        text: message
            .body
            .as_deref()
            .map_or("(deleted)".to_owned(), |body| one_line(body, PREVIEW_CHARS_MAX)),
        at: message.created_at.into(),
    });
    Row {
        name: name_of(&summary),
        place: place(&summary, page_len),
        last,
        waiting: waiting(&summary),
        summary,
    }
}

/// How many ask to join, in words.
pub(super) fn waiting(summary: &ConversationSummary) -> Option<String> {
    let number = summary.pending_count;
    (number > 0).then(|| count(number, "person asks to join", "people ask to join"))
}

/// At the first new message, where there is one; more than a page of them is read from its beginning.
fn place(summary: &ConversationSummary, page_len: i64) -> String {
    let id = summary.details.id;
    match summary.unread {
        0 => format!("/lite/c/{id}#latest"),
        unread if unread <= page_len => format!("/lite/c/{id}#new"),
        _ => format!("/lite/c/{id}?after={}#new", summary.read_seq),
    }
}
