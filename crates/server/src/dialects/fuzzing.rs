//! Hostile bytes for what the dialects share, and the way to those of each dialect.

use super::fields::{Fields, path_number};
pub(crate) use super::{
    chat_app::fuzzing as chat_app, chatroom::fuzzing as chatroom, chats::fuzzing as chats,
    chatter_box::fuzzing as chatter_box, flask_chat::fuzzing as flask_chat, socket_io::fuzzing as socket_io,
};

/// A password that no refusal may repeat.
const SECRET: &str = "hunter2 and nobody else";

/// A body is read field by field or refused, and no refusal repeats a password, wherever in the body it stands.
pub(crate) fn fields(bytes: &[u8]) {
    refuses_in_silence(bytes);
    let text = String::from_utf8_lossy(bytes);
    let secret = format!("{{\"password\":\"{SECRET}\",\"more\":{text}}}");
    refuses_in_silence(secret.as_bytes());
    let mut query = Fields::of_query(&text);
    query.opt_number_from(1, "limit");
    query.opt_number("offset");
    let _ = query.end();
    if let Ok(number) = path_number("id", &text) {
        assert_eq!(text.parse().ok(), Some(number));
    }
}

fn refuses_in_silence(body: &[u8]) {
    let refused = match Fields::of_body(body) {
        Ok(mut fields) => {
            fields.text("username");
            fields.text("password");
            fields.opt_text("email");
            fields.number("phone");
            fields.opt_number_from(1, "limit");
            fields.end().err()
        }
        Err(refused) => Some(refused),
    };
    assert!(!format!("{refused:?}").contains(SECRET));
}
