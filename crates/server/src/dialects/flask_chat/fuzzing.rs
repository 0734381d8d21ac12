//! Hostile bytes for the flask_chat dialect.

use super::{forms, words};
use axum::{
    body::Body,
    http::{Request, header},
};
use futures_util::FutureExt;

/// The two whose room it is find each other in its name, whoever of them asks.
pub(crate) fn words(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some((one, other)) = words::split_name(&text) {
        assert!(!one.contains(':'));
        let room = words::room_of(one, other);
        assert_eq!(room, words::room_of(other, one));
        assert!(words::others_in(&room, one).iter().any(|found| found == other), "{room:?}");
        assert!(words::others_in(&room, other).iter().any(|found| found == one), "{room:?}");
    }
    assert!(words::others_in(&text, "bob").len() <= 2);
}

/// A form of either kind, whole or torn, is read at once or refused; its fields come from it alone.
pub(crate) fn forms(bytes: &[u8]) {
    for kind in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let request = Request::builder().header(header::CONTENT_TYPE, kind).body(Body::from(bytes.to_vec()));
        let Ok(request) = request else { continue };
        assert!(forms::is_form(request.headers()));
        let fields = forms::fields_of(request).now_or_never();
        assert!(fields.is_some(), "a body that is there is read without waiting");
        for (name, value) in fields.flatten().into_iter().flatten() {
            // What is no UTF-8 becomes a sign of three bytes.
            assert!(name.len() + value.len() <= 3 * bytes.len());
        }
    }
}
