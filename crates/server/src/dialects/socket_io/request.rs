//! What a request to `/socket.io/` asks for, and the answers of the protocol to one that asks for nothing.

use super::engine::Revision;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// The parameters that say what is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) revision: Revision,
    pub(crate) by_websocket: bool,
    /// Of which session; a new one without it.
    pub(crate) sid: Option<String>,
    /// The client cannot send bytes.
    pub(crate) only_letters: bool,
}

/// Why there is no session, with the numbers and words that the protocol has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    Transport,
    Sid,
    Method,
    Request,
    Forbidden,
    Revision,
}

impl Asked {
    pub(crate) fn parse(query: &str) -> Result<Self, Wrong> {
        let mut asked =
            Self { revision: Revision::Four, by_websocket: false, sid: None, only_letters: false };
        let (mut revision, mut transport) = (None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "EIO" => revision = Revision::of(&value),
                "transport" => transport = Some(value.into_owned()),
                "sid" => asked.sid = Some(value.into_owned()),
                "b64" => asked.only_letters = matches!(value.as_ref(), "1" | "true"),
                // Answers as script, for browsers that no longer exist.
                "j" => return Err(Wrong::Transport),
                _ => {}
            }
        }
        asked.revision = revision.ok_or(Wrong::Revision)?;
        asked.by_websocket = match transport.as_deref() {
            Some("polling") => false,
            Some("websocket") => true,
            _ => return Err(Wrong::Transport),
        };
        Ok(asked)
    }
}

impl IntoResponse for Wrong {
    fn into_response(self) -> Response {
        let (code, message) = match self {
            Self::Transport => (0, "Transport unknown"),
            Self::Sid => (1, "Session ID unknown"),
            Self::Method => (2, "Bad handshake method"),
            Self::Request => (3, "Bad request"),
            Self::Forbidden => (4, "Forbidden"),
            Self::Revision => (5, "Unsupported protocol version"),
        };
        let status = if self == Self::Forbidden { StatusCode::FORBIDDEN } else { StatusCode::BAD_REQUEST };
        let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        (status, json, json!({ "code": code, "message": message }).to_string()).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_its_revision_and_its_transport() {
        let asked = Asked::parse("EIO=3&transport=polling&t=abc&b64=1").unwrap();
        let sid = None;
        assert_eq!(asked, Asked { revision: Revision::Three, by_websocket: false, sid, only_letters: true });
        let asked = Asked::parse("transport=websocket&EIO=4&sid=a%2Bb").unwrap();
        let sid = Some("a+b".to_owned());
        assert_eq!(asked, Asked { revision: Revision::Four, by_websocket: true, sid, only_letters: false });
        for (query, wrong) in [
            ("", Wrong::Revision),
            ("EIO=2&transport=polling", Wrong::Revision),
            ("EIO=4", Wrong::Transport),
            ("EIO=4&transport=flash", Wrong::Transport),
            ("EIO=3&transport=polling&j=0", Wrong::Transport),
        ] {
            assert_eq!(Asked::parse(query), Err(wrong), "{query}");
        }
    }
}
