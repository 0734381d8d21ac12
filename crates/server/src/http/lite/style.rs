//! The one stylesheet: the web client's colours and sizes, and how they are used here.

use crate::http::assets;
use axum::{http::HeaderMap, response::Response};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use web::Asset;

static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let text = [web::TOKENS, include_str!("style.css")].concat();
    let tag: u64 =
        Sha256::digest(text.as_bytes()).iter().take(8).fold(0, |tag, byte| tag << 8 | u64::from(*byte));
    Asset {
        bytes: text.into_bytes().into(),
        content_type: "text/css; charset=utf-8".to_owned(),
        etag: format!("\"{tag:016x}\""),
        immutable: false,
        coding: None,
    }
});

pub(super) async fn serve(headers: HeaderMap) -> Response {
    assets::answer(STYLE.clone(), &headers)
}
