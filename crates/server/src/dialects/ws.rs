//! `/ws/{x}`, which two apps have: Chatter-Box puts a number there, ChatApp anything else. `?proto=` or the subprotocol says
//! otherwise, and so does the first frame.

use super::{detail::Answer, entrance::Entrance, talk, undecided};
use crate::{app::App, http::BothSpellings, wire::Upgrade};
use axum::{
    Router,
    extract::{Path, RawQuery, State},
    response::Response,
    routing::get,
};
use protocol::Dialect;

/// What `?proto=` and the subprotocol may say.
const PROTOCOLS: [(&str, Dialect); 2] =
    [("chatter_box", Dialect::ChatterBox), ("chat_app", Dialect::ChatApp)];

pub(super) fn routes() -> Router<App> {
    Router::new().both_spellings("/ws/{x}", get(open))
}

async fn open(
    State(app): State<App>,
    entrance: Entrance,
    Path(x): Path<String>,
    RawQuery(query): RawQuery,
    upgrade: Upgrade,
) -> Answer<Response> {
    let upgrade = upgrade.protocols(PROTOCOLS.map(|(word, _)| word));
    let by_subprotocol = upgrade.selected_protocol().and_then(|word| named(word.to_str().ok()?));
    let said = by_query(&query.unwrap_or_default()).or(by_subprotocol);
    let dialect = said.unwrap_or_else(|| by_address(&x));
    let begin = |speaker| undecided::begin(speaker, x, dialect, said.is_some());
    talk::open(app, entrance, dialect, upgrade, begin).await
}

fn named(word: &str) -> Option<Dialect> {
    PROTOCOLS.iter().find(|(known, _)| *known == word).map(|(_, dialect)| *dialect)
}

fn by_query(query: &str) -> Option<Dialect> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == "proto").and_then(|(_, word)| named(&word))
}

fn by_address(x: &str) -> Dialect {
    let is_number = !x.starts_with('+') && x.parse::<i64>().is_ok();
    if is_number { Dialect::ChatterBox } else { Dialect::ChatApp }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_chatter_box_and_anything_else_is_chat_app_unless_it_is_said() {
        for x in ["1", "-5", "9223372036854775807"] {
            assert_eq!(by_address(x), Dialect::ChatterBox, "{x}");
        }
        for x in ["null", "4f2a", "", "-", "+1", "1.5", "१", "99999999999999999999"] {
            assert_eq!(by_address(x), Dialect::ChatApp, "{x}");
        }
        assert_eq!(by_query("token=x&proto=chat_app"), Some(Dialect::ChatApp));
        assert_eq!(by_query("proto=chatter_box"), Some(Dialect::ChatterBox));
        assert_eq!(by_query("proto=other"), None);
    }
}
