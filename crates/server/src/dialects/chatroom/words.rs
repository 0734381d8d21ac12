//! The words of Chatroom: the frame that a client sends, and those that it is sent.

use crate::dialects::SERVER;
use chat::Error;
use protocol::ErrorCode;
use serde::Serialize;
use serde_json::Value;

/// What a client says, and the name that it gives.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) message: String,
    pub(super) username: String,
}

/// Reads a frame. Errors: `malformed_json`, `invalid_request`.
pub(super) fn read(text: &str) -> Result<Said, Error> {
    let frame: Value = serde_json::from_str(text).map_err(|_| Error::new(ErrorCode::MalformedJson))?;
    let text = |name: &'static str| match frame.get(name) {
        Some(Value::String(text)) => Ok(text.clone()),
        _ => Err(Error::invalid(name, "A frame is an object with two texts, message and username.")),
    };
    Ok(Said { message: text("message")?, username: text("username")? })
}

/// The one form of frame that a client is sent, with the keys in the order of the app. The page shows a line for each.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    is_me: bool,
    data: &'a str,
    username: &'a str,
    /// Of a refusal, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<ErrorCode>,
}

impl Line<'_> {
    fn frame(&self) -> String {
        // Texts and a yes or no always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What a client is told when it has connected.
pub(super) fn greeting() -> String {
    Line { is_me: true, data: "Have joined!!", username: "You", code: None }.frame()
}

/// A message of somebody, or one's own.
pub(super) fn message(is_me: bool, data: &str, username: &str) -> String {
    Line { is_me, data, username, code: None }.frame()
}

/// Why something was not done: a line to this client alone, because a line is all that its page can show.
pub(super) fn refused(error: &Error) -> String {
    Line { is_me: false, data: &error.to_string(), username: SERVER, code: Some(error.code) }.frame()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_has_two_texts() {
        let said = Said { message: "hi".into(), username: "Ramesh".into() };
        assert_eq!(read(r#"{"message":"hi","username":"Ramesh","more":1}"#), Ok(said));
        for (frame, field) in [
            ("nonsense", None),
            ("", None),
            ("[]", Some("message")),
            ("7", Some("message")),
            (r#"{"username":"Ramesh"}"#, Some("message")),
            (r#"{"message":"hi"}"#, Some("username")),
            (r#"{"message":["hi"],"username":"Ramesh"}"#, Some("message")),
            (r#"{"message":"hi","username":null}"#, Some("username")),
        ] {
            assert_eq!(read(frame).unwrap_err().field, field, "{frame}");
        }
    }

    #[test]
    fn frames_have_the_keys_of_the_app_in_their_order() {
        assert_eq!(greeting(), r#"{"isMe":true,"data":"Have joined!!","username":"You"}"#);
        assert_eq!(message(false, "hi", "Sita"), r#"{"isMe":false,"data":"hi","username":"Sita"}"#);
        let refused = refused(&Error::new(ErrorCode::UsernameTaken).because("No."));
        assert_eq!(refused, r#"{"isMe":false,"data":"No.","username":"Parlor","code":"username_taken"}"#);
    }
}
