//! The web client: its files, and its first page for every address that only the client knows.

use super::{
    error::{Answer, Refusal},
    lite,
};
use crate::app::App;
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use chat::page_views;
use protocol::ErrorCode;
use web::Asset;

/// A file whose name changes with its content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Kept, but asked for again each time: the next version of Parlor shows at the next visit.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// The pages whose views are counted: where the chat is, by the addresses that people know.
const COUNTED: [&str; 2] = ["/", "/chat"];

/// Answers whatever no route answered.
pub(crate) async fn serve(
    State(app): State<App>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Answer<Response> {
    let path = uri.path();
    if is_api(path) {
        return Err(Refusal::new(ErrorCode::NotFound));
    }
    let asset = match web::asset(path) {
        Some(asset) => asset,
        None if is_page(path) => page_at(path),
        None => return Err(Refusal::new(ErrorCode::NotFound)),
    };
    if method != Method::GET && method != Method::HEAD {
        let allow = [(header::ALLOW, HeaderValue::from_static("GET,HEAD"))];
        return Ok((allow, Refusal::new(ErrorCode::MethodNotAllowed)).into_response());
    }
    if COUNTED.contains(&path) && method == Method::GET {
        page_views::viewed(&app.chat);
    }
    Ok(answer(asset, &headers))
}

fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Addresses inside the client have no ending; a missing file should not look like a page.
fn is_page(path: &str) -> bool {
    !path.rsplit('/').next().unwrap_or_default().contains('.')
}

/// The first page. Whoever cannot run the client is led to the same place among the plain pages.
fn page_at(path: &str) -> Asset {
    let page = web::index();
    let Some(place) = lite::counterpart(path) else { return page };
    let Ok(text) = std::str::from_utf8(&page.bytes) else { return page };
    let text = text.replacen(web::PLAIN_PAGES, &format!("href=\"{place}\""), 1);
    // The tag stays: at one address there is always the same place.
    Asset { bytes: text.into_bytes().into(), ..page }
}

/// A file, or that the browser's copy of it is still right.
pub(super) fn answer(asset: Asset, headers: &HeaderMap) -> Response {
    let cache = if asset.immutable { FOR_EVER } else { ASK_AGAIN };
    let known = headers.get_all(header::IF_NONE_MATCH).iter().any(|tags| names(tags, &asset.etag));
    let kept = [(header::CACHE_CONTROL, cache), (header::ETAG, value(&asset.etag))];
    if known {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    (kept, [(header::CONTENT_TYPE, value(&asset.content_type))], Body::from(asset.bytes)).into_response()
}

fn names(tags: &HeaderValue, etag: &str) -> bool {
    let Ok(tags) = tags.to_str() else { return false };
    tags.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == etag || tag == "*")
}

/// What the build wrote can be a header; if not, a plain one does no harm.
fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}
