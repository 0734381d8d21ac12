//! Hostile bytes for the plain pages.

use super::{
    account::{SignInFields, SignUpFields},
    conversation::WriteFields,
    forms::{csrf, is_csrf},
    invites::InviteFields,
    members::ActionFields,
    messages::{EditFields, ReactFields},
    requests::DecisionFields,
    rooms::RoomFields,
    settings::{PasswordFields, ProfileFields},
    words::{self, Piece},
};
use crate::http::extract::read_form;
use serde::de::DeserializeOwned;

/// The pieces of a text are the text, and what becomes a link is an address of the web.
pub(crate) fn texts(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut whole = String::new();
    for piece in words::pieces(&text) {
        match piece {
            Piece::Text(text) => whole.push_str(&text),
            Piece::Link(link) => {
                let lower = link.to_ascii_lowercase();
                assert!(lower.starts_with("http://") || lower.starts_with("https://"), "{link}");
                assert!(!link.contains(['"', '\'', '<', '>', ' ', '\n']), "{link}");
                whole.push_str(&link);
            }
            Piece::Break => whole.push('\n'),
        }
    }
    assert_eq!(whole, text);
    let line = words::one_line(&text, 40);
    assert!(line.chars().count() <= 41 && !line.contains('\n'));
}

/// Every form is read or refused; a form is a session's own only with the one hash that it carries.
pub(crate) fn forms(bytes: &[u8]) {
    form::<SignInFields>(bytes);
    form::<SignUpFields>(bytes);
    form::<WriteFields>(bytes);
    form::<EditFields>(bytes);
    form::<ReactFields>(bytes);
    form::<InviteFields>(bytes);
    form::<ActionFields>(bytes);
    form::<DecisionFields>(bytes);
    form::<RoomFields>(bytes);
    form::<ProfileFields>(bytes);
    form::<PasswordFields>(bytes);
    let carried = String::from_utf8_lossy(bytes);
    if is_csrf("parlor_token", &carried) {
        assert_eq!(carried.to_ascii_lowercase(), csrf("parlor_token"));
    }
}

fn form<T: DeserializeOwned>(bytes: &[u8]) {
    let _ = read_form::<T>(bytes);
}
