//! `/lite`: Parlor as plain pages, for browsers without JavaScript.
//!
//! Each page is made here from a template, each change is a form that is sent to the server, which answers with where to
//! look next. An address of the web client with `/lite` in front leads to the same thing here.

mod account;
mod conversation;
mod conversations;
mod forms;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod invites;
mod join;
mod members;
mod messages;
mod page;
mod people;
mod requests;
mod rooms;
mod settings;
mod style;
mod words;

use super::error::{Answer, Refusal};
use crate::app::App;
use axum::{
    Router,
    response::Response,
    routing::{any, get, post},
};
use protocol::ErrorCode;

pub(super) use page::finish;
pub(crate) use page::{Frame, Trouble, answer};

/// Whether this path is one of ours, so that what goes wrong there is told as a page.
pub(super) fn owns(path: &str) -> bool {
    path == "/lite" || path.starts_with("/lite/")
}

/// Where the same stands here as at this address of the web client.
pub(super) fn counterpart(path: &str) -> Option<String> {
    let is_known =
        ["/c/", "/join/", "/login", "/register", "/settings"].iter().any(|start| path.starts_with(start));
    // It is written into a page: nothing that would have to be escaped is any of the client's addresses.
    let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'/' || byte == b'-');
    (is_known && is_plain).then(|| format!("/lite{}", path.trim_end_matches('/')))
}

/// All of `/lite`.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/lite", get(conversations::to_the_list))
        .route("/lite/", get(conversations::list))
        .route("/lite/style.css", get(style::serve))
        .route("/lite/login", get(account::sign_in_form).post(account::sign_in))
        .route("/lite/register", get(account::sign_up_form).post(account::sign_up))
        .route("/lite/logout", post(account::sign_out))
        .route("/lite/c/{id}", get(conversation::show).post(conversation::write))
        .route("/lite/c/{id}/members", get(members::list))
        .route("/lite/c/{id}/members/{account}", get(members::card).post(members::decide))
        .route("/lite/c/{id}/leave", get(members::leave_form).post(members::leave))
        .route("/lite/c/{id}/requests", get(requests::list))
        .route("/lite/c/{id}/requests/{account}", post(requests::decide))
        .route("/lite/c/{id}/invites", get(invites::list).post(invites::create))
        .route("/lite/c/{id}/invites/{code}", get(invites::show))
        .route("/lite/c/{id}/invites/{code}/revoke", post(invites::revoke))
        .route("/lite/messages/{id}/edit", get(messages::edit_form).post(messages::edit))
        .route("/lite/messages/{id}/edits", get(messages::edits))
        .route("/lite/messages/{id}/delete", get(messages::delete_form).post(messages::delete))
        .route("/lite/messages/{id}/react", get(messages::react_form).post(messages::react))
        .route("/lite/people", get(people::find))
        .route("/lite/people/{id}/talk", post(people::talk))
        .route("/lite/rooms/new", get(rooms::form).post(rooms::create))
        .route("/lite/join/{code}", get(join::card).post(join::join))
        .route("/lite/settings", get(settings::show))
        .route("/lite/settings/profile", get(settings::profile_form).post(settings::change_profile))
        .route("/lite/settings/password", get(settings::password_form).post(settings::change_password))
        .route("/lite/settings/sessions/{id}/end", post(settings::end_session))
        .route("/lite/{*rest}", any(unknown))
}

async fn unknown() -> Answer<Response> {
    Err(Refusal::new(ErrorCode::NotFound))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_client_has_the_same_place_here() {
        for (path, place) in [
            ("/c/7", "/lite/c/7"),
            ("/join/0123abcd", "/lite/join/0123abcd"),
            ("/login", "/lite/login"),
            ("/settings", "/lite/settings"),
            ("/register/", "/lite/register"),
        ] {
            assert_eq!(counterpart(path).as_deref(), Some(place));
        }
        for path in ["/", "/setup", "/join/\"><script>", "/join/%22%3e", "/c/é"] {
            assert_eq!(counterpart(path), None, "{path}");
        }
    }
}
