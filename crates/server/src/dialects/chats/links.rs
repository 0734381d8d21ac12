//! Invite links as the app's document writes them: `http://<server>/chats/room/1/invite`. Here the link is a secret, so it
//! ends with the code of a Parlor invite; Parlor's own form of the same link is taken too.

use axum::http::Uri;
use chat::Error;
use protocol::{ConversationId, ErrorCode, Invite};

/// The link for a room's invite that was just made, at the address under which Parlor's own link leads here.
pub(super) fn link(room: ConversationId, invite: &Invite) -> Option<String> {
    let (code, url) = (invite.code.as_ref()?, invite.url.as_ref()?);
    let server = url.strip_suffix(&format!("/join/{code}"))?;
    Some(format!("{server}/chats/room/{room}/invite?code={code}"))
}

/// The code in what somebody followed to a room: a link of either form, or the code alone.
///
/// Errors: `invite_invalid` for a link to another room, `invalid_request` for what holds no code.
pub(super) fn code(room: ConversationId, link: &str) -> Result<String, Error> {
    let link = link.trim();
    if is_code(link) {
        return Ok(link.to_owned());
    }
    let Ok(uri) = link.parse::<Uri>() else {
        return Err(Error::invalid("invite_link", "This is no link."));
    };
    let mut segments = uri.path().rsplit('/').filter(|segment| !segment.is_empty());
    let code = match (segments.next(), segments.next(), segments.next(), segments.next()) {
        (Some("invite"), Some(number), Some("room"), Some("chats")) => {
            if number.parse() != Ok(room.0) {
                let why = "This link leads to another room.";
                return Err(Error::new(ErrorCode::InviteInvalid).because(why));
            }
            code_in_query(uri.query().unwrap_or_default())
        }
        (Some(code), Some("join"), ..) => Some(code.to_owned()),
        _ => None,
    };
    code.filter(|code| is_code(code)).ok_or_else(|| {
        Error::invalid("invite_link", "The link must be whole: it ends with ?code= and a code.")
    })
}

/// The code in the query of a link that was opened.
pub(super) fn code_in_query(query: &str) -> Option<String> {
    let mut codes = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "code");
    codes.next().map(|(_, code)| code.into_owned()).filter(|code| is_code(code))
}

/// Whether it can be a code at all, and may stand in a path as it is.
fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_of_either_form_holds_its_code() {
        for link in [
            "http://chat.example.org/chats/room/7/invite?code=abc123",
            "https://chat.example.org:8000/chats/room/7/invite/?x=1&code=abc123#top",
            "/chats/room/7/invite?code=abc123",
            "  http://chat.example.org/join/abc123 ",
            "abc123",
        ] {
            assert_eq!(code(ConversationId(7), link).unwrap(), "abc123", "{link}");
        }
    }

    #[test]
    fn what_holds_no_code_or_leads_elsewhere_is_refused() {
        for (link, refused) in [
            ("http://chat.example.org/chats/room/7/invite", ErrorCode::InvalidRequest),
            ("http://chat.example.org/chats/room/7/invite?code=", ErrorCode::InvalidRequest),
            ("http://chat.example.org/chats/room/7/invite?code=../x", ErrorCode::InvalidRequest),
            ("http://chat.example.org/chats/room/8/invite?code=abc123", ErrorCode::InviteInvalid),
            ("http://chat.example.org/chats/room/x/invite?code=abc123", ErrorCode::InviteInvalid),
            ("http://chat.example.org/", ErrorCode::InvalidRequest),
            ("not a link", ErrorCode::InvalidRequest),
            ("", ErrorCode::InvalidRequest),
        ] {
            assert_eq!(code(ConversationId(7), link).unwrap_err().code, refused, "{link}");
        }
    }
}
