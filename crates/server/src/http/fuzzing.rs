//! Hostile bytes for what stands in the head of a request and in its body.

use super::{around, auth::Site, extract, headers::items, lite};
use crate::config::Settings;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use protocol::api;
use serde::de::DeserializeOwned;
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::LazyLock,
};

pub(crate) use lite::fuzzing as pages;

/// The headers that mean something, each line of the bytes one of them: its first byte says which.
static NAMES: [HeaderName; 8] = [
    header::ORIGIN,
    header::HOST,
    header::COOKIE,
    header::AUTHORIZATION,
    HeaderName::from_static("x-forwarded-for"),
    header::CONTENT_TYPE,
    header::ACCEPT_ENCODING,
    header::SEC_WEBSOCKET_PROTOCOL,
];

/// A server on this machine, and one behind a public address.
static SITES: LazyLock<Vec<Site>> = LazyLock::new(|| {
    let settings = |public| Settings::with(&[("public_url", public), ("listen", "127.0.0.1:8000")]).ok();
    let all = ["", "https://chat.example.org"].into_iter().filter_map(settings);
    all.map(|settings| Site::new(&settings, 8000)).collect()
});

const OURS: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);

/// An origin is ours letter by letter, a token is one word out of one header, and a visitor is no proxy of ours while
/// somebody else is named.
pub(crate) fn heads(bytes: &[u8]) {
    let headers = headers_of(bytes);
    for site in SITES.iter() {
        let origins: Vec<&[u8]> = headers.get_all(header::ORIGIN).iter().map(HeaderValue::as_bytes).collect();
        let allowed: &[&[u8]] = &[
            b"http://127.0.0.1:8000",
            b"http://localhost:8000",
            b"http://[::1]:8000",
            b"https://chat.example.org",
        ];
        if site.origin_allowed(&headers) {
            assert!(matches!(origins.as_slice(), [one] if allowed.contains(one)));
        }
        if let Some(credential) = site.credentials(&headers) {
            assert!(credential.from_cookie || headers.contains_key(header::AUTHORIZATION));
            assert!(credential.token.trim() == credential.token);
            assert!(!credential.from_cookie || !credential.token.contains(';'));
        }
        let _ = site.is_reached_by_another_name(&headers);
    }
    let is_ours = |address: IpAddr| address == IpAddr::V4(OURS);
    if let Some(visitor) = around::forwarded_for(&headers, is_ours) {
        assert_eq!(visitor, visitor.to_canonical());
    }
    let words = items(&headers, &header::ACCEPT_ENCODING).count();
    assert!(words <= bytes.len());
}

fn headers_of(bytes: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n').take(50) {
        let Some((which, value)) = line.split_first() else { continue };
        let name = NAMES.iter().cycle().nth(usize::from(*which) % NAMES.len());
        if let (Some(name), Ok(value)) = (name, HeaderValue::from_bytes(value)) {
            headers.append(name, value);
        }
    }
    headers
}

/// Every body of the API is read or refused, and a refusal is short.
pub(crate) fn bodies(bytes: &[u8]) {
    body::<api::SignUp>(bytes);
    body::<api::SetUp>(bytes);
    body::<api::SignIn>(bytes);
    body::<api::Refresh>(bytes);
    body::<api::UpdateMe>(bytes);
    body::<api::UpdateServer>(bytes);
    body::<api::SendMessage>(bytes);
    body::<api::EditMessage>(bytes);
    body::<api::CreateConversation>(bytes);
    body::<api::UpdateConversation>(bytes);
    body::<api::CreateInvite>(bytes);
    body::<api::UpdatePreferences>(bytes);
}

fn body<T: DeserializeOwned>(bytes: &[u8]) {
    if let Err(refusal) = extract::read_json::<T>(bytes) {
        assert!(refusal.0.detail.is_none_or(|detail| detail.chars().count() <= 201));
    } else {
        assert!(bytes.trim_ascii().starts_with(b"{") && bytes.trim_ascii().ends_with(b"}"));
    }
}
