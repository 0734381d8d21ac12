//! The web client: its files, and its first page for the addresses that only the client knows.

use super::{
    error::{Answer, Refusal},
    headers::items,
    lite,
};
use crate::app::App;
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use chat::page_views;
use protocol::ErrorCode;
use web::{Asset, Coding};

/// A file whose name changes with its content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Kept, but asked for again each time: the next version of Parlor shows at the next visit.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// What is answered depends on who asks.
const VARY: [(HeaderName, HeaderValue); 1] = [(header::VARY, HeaderValue::from_static("accept"))];

/// The pages whose views are counted: where the chat is, by the addresses that people know.
const COUNTED: [&str; 2] = ["/", "/chat"];

/// The addresses of the client, as its router in `web/src/app` writes them: `:name` is one part of a path, `*?` all that
/// may follow.
const ADDRESSES: [&str; 10] = [
    "/",
    "/login",
    "/register",
    "/setup",
    "/chat",
    "/inbox",
    "/settings",
    "/administration",
    "/join/:code",
    "/c/:id/*?",
];

/// Answers whatever no route answered: the client's files, and its page at the client's addresses. A browser that goes
/// anywhere else gets the page too, in which the client says that there is nothing; programs are told so.
pub(crate) async fn serve(
    State(app): State<App>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Answer<Response> {
    let path = uri.path();
    let only_reads = method == Method::GET || method == Method::HEAD;
    let file = if is_api(path) { None } else { web::asset(path) };
    let asset = file.map(|whole| smallest(path, whole, &headers));
    let Some(asset) = asset.or_else(|| is_address(path).then(|| page_at(path))) else {
        if only_reads && !is_api(path) && !is_file(path) && wants_page(&headers) {
            return Ok((VARY, answer(page_at(path), &headers)).into_response());
        }
        return Ok((VARY, Refusal::new(ErrorCode::NotFound).detail("Not Found")).into_response());
    };
    if !only_reads {
        let allow = [(header::ALLOW, HeaderValue::from_static("GET,HEAD"))];
        return Ok((allow, Refusal::new(ErrorCode::MethodNotAllowed)).into_response());
    }
    if COUNTED.contains(&without_slash(path)) && method == Method::GET {
        page_views::viewed(&app.chat);
    }
    Ok(answer(asset, &headers))
}

/// The file as the client can read it with the fewest bytes.
fn smallest(path: &str, whole: Asset, headers: &HeaderMap) -> Asset {
    let accepted = Coding::ALL.into_iter().filter(|coding| accepts(headers, coding.name()));
    accepted.into_iter().find_map(|coding| web::compressed(path, coding)).unwrap_or(whole)
}

/// Whether `Accept-Encoding` names this coding and does not refuse it (RFC 9110, 12.5.3). What it only implies is left alone.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    items(headers, &header::ACCEPT_ENCODING).any(|offer| {
        let (name, weight) = offer.split_once(';').unwrap_or((offer, "q=1"));
        let weight = weight.trim().trim_start_matches("q=").parse::<f32>();
        name.trim().eq_ignore_ascii_case(coding) && weight.is_ok_and(|weight| weight > 0.0)
    })
}

/// Whether somebody goes to a page, rather than a program fetches something.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.any(|accepted| accepted.contains("text/html"))
}

fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// A missing file should not look like a page.
fn is_file(path: &str) -> bool {
    path.rsplit('/').next().unwrap_or_default().contains('.')
}

/// The client takes its addresses with a slash at the end too.
fn without_slash(path: &str) -> &str {
    path.strip_suffix('/').filter(|rest| !rest.is_empty()).unwrap_or(path)
}

fn is_address(path: &str) -> bool {
    ADDRESSES.iter().any(|address| fits(without_slash(path), address))
}

fn fits(path: &str, address: &str) -> bool {
    let mut parts = path.split('/');
    for wanted in address.split('/') {
        match (wanted, parts.next()) {
            ("*?", _) => return true,
            (wanted, Some(part)) if wanted == part || (wanted.starts_with(':') && !part.is_empty()) => {}
            _ => return false,
        }
    }
    parts.next().is_none()
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
    let kept = [
        (header::CACHE_CONTROL, cache),
        (header::ETAG, value(&asset.etag)),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    if known {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    let coding = asset.coding.map(|it| [(header::CONTENT_ENCODING, HeaderValue::from_static(it.name()))]);
    (kept, coding, [(header::CONTENT_TYPE, value(&asset.content_type))], Body::from(asset.bytes))
        .into_response()
}

fn names(tags: &HeaderValue, etag: &str) -> bool {
    let Ok(tags) = tags.to_str() else { return false };
    tags.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == etag || tag == "*")
}

/// What the build wrote can be a header; if not, a plain one does no harm.
fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_client_is_known_with_and_without_a_slash_at_its_end() {
        for path in [
            "/",
            "/login",
            "/login/",
            "/inbox",
            "/administration",
            "/join/0123",
            "/join/a.b/",
            "/c/7",
            "/c/7/",
            "/c/7/details/9",
        ] {
            assert!(is_address(path), "{path}");
        }
        for path in [
            "",
            "/login//",
            "/logins",
            "/inbox/7",
            "/join",
            "/join/",
            "/join/a/b",
            "/c",
            "/c/",
            "/c//x",
            "/chats",
        ] {
            assert!(!is_address(path), "{path}");
        }
    }
}
