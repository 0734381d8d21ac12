//! The handshake that makes a WebSocket of an HTTP connection (RFC 6455, 4.2).

use super::Wire;
use crate::{
    app::App,
    http::{headers::items, listener::Stream},
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header, request::Parts},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::future::OptionFuture;
use hyper::upgrade::{OnUpgrade, Parts as UpgradedParts};
use hyper_util::rt::TokioIo;
use sha1::{Digest, Sha1};
use std::future::Future;
use tracing::debug;

/// What the answer to a client's key is made with (1.3).
const KEY_SUFFIX: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// A key is so many bytes, written in Base64 (4.1).
const KEY_BYTES: usize = 16;

/// Why a request is no handshake: the status, and a sentence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoUpgrade(pub(crate) StatusCode, pub(crate) &'static str);

impl IntoResponse for NoUpgrade {
    fn into_response(self) -> Response {
        (self.0, self.1).into_response()
    }
}

/// Adds to the answer 426, in whichever words a door gives it, the version that we speak (4.4) and what the connection should
/// become (RFC 9110, 15.5.22).
pub(crate) fn say_what_is_spoken(headers: &mut HeaderMap) {
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
}

/// A request that asks for a WebSocket, as an extractor.
pub(crate) struct Upgrade {
    accept: HeaderValue,
    /// What the client would speak, in the order of its liking.
    offered: Option<HeaderValue>,
    chosen: Option<HeaderValue>,
    on_upgrade: OnUpgrade,
    message_bytes_max: usize,
}

impl FromRequestParts<App> for Upgrade {
    type Rejection = NoUpgrade;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, NoUpgrade> {
        let headers = &parts.headers;
        let bad = |why| Err(NoUpgrade(StatusCode::BAD_REQUEST, why));
        if parts.method != Method::GET {
            return Err(NoUpgrade(StatusCode::METHOD_NOT_ALLOWED, "a WebSocket is asked for by GET"));
        }
        if !names(headers, &header::CONNECTION, "upgrade") {
            return bad("the header Connection does not say upgrade");
        }
        if !names(headers, &header::UPGRADE, "websocket") {
            return bad("the header Upgrade does not say websocket");
        }
        if only(headers, &header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
            return Err(NoUpgrade(
                StatusCode::UPGRADE_REQUIRED,
                "the header Sec-WebSocket-Version is not 13",
            ));
        }
        let Some(key) = only(headers, &header::SEC_WEBSOCKET_KEY) else {
            return bad("the header Sec-WebSocket-Key is missing or there twice");
        };
        let Some(accept) = accept(key) else {
            return bad("the header Sec-WebSocket-Key is not 16 bytes in Base64");
        };
        if has_body(headers) {
            return bad("a request for a WebSocket has no body");
        }
        let offered = headers.get(header::SEC_WEBSOCKET_PROTOCOL).cloned();
        let on_upgrade = parts.extensions.remove::<OnUpgrade>().filter(|_| parts.version >= Version::HTTP_11);
        let Some(on_upgrade) = on_upgrade else {
            return Err(NoUpgrade(StatusCode::UPGRADE_REQUIRED, "this connection cannot become a WebSocket"));
        };
        let message_bytes_max = app.settings.frame_bytes_max;
        Ok(Self { accept, offered, chosen: None, on_upgrade, message_bytes_max })
    }
}

impl Upgrade {
    /// Chooses what the client likes best among the subprotocols that are known here.
    pub(crate) fn protocols(mut self, known: impl IntoIterator<Item = &'static str>) -> Self {
        let offered = self.offered.as_ref().and_then(|offered| offered.to_str().ok()).unwrap_or_default();
        let known: Vec<_> = known.into_iter().collect();
        let mut offers = offered.split(',').map(str::trim);
        let chosen = offers.find_map(|offer| known.iter().find(|word| **word == offer));
        self.chosen = chosen.map(|word| HeaderValue::from_static(word));
        self
    }

    /// The subprotocol that was chosen.
    pub(crate) fn selected_protocol(&self) -> Option<&HeaderValue> {
        self.chosen.as_ref()
    }

    /// Answers the handshake. Once the answer is written, `serve` has the WebSocket.
    pub(crate) fn on_upgrade<F, S>(self, serve: S) -> Response
    where
        S: FnOnce(Wire) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let Self { on_upgrade, message_bytes_max, .. } = self;
        // Boxed, as is what `serve` is made of: a task is as large as the largest of all that it ever holds, and keeps that
        // size while it waits.
        let upgraded = Box::pin(async move {
            let stream = upgrade(on_upgrade).await?;
            Some(serve(Wire::new(stream.io.into_inner(), &stream.read_buf, message_bytes_max)))
        });
        tokio::spawn(async move { OptionFuture::from(upgraded.await).await });
        let protocol = self.chosen.map(|chosen| [(header::SEC_WEBSOCKET_PROTOCOL, chosen)]);
        let headers = [
            (header::CONNECTION, HeaderValue::from_static("upgrade")),
            (header::UPGRADE, HeaderValue::from_static("websocket")),
            (header::SEC_WEBSOCKET_ACCEPT, self.accept),
        ];
        (StatusCode::SWITCHING_PROTOCOLS, headers, protocol, ()).into_response()
    }
}

/// The connection, and what came with the request: 8 KiB of it are held. Kept as long as the connection, they were 4.4 KiB of
/// the 9.9 that an idle one held.
async fn upgrade(on_upgrade: OnUpgrade) -> Option<UpgradedParts<TokioIo<Stream>>> {
    match on_upgrade.await.map(|upgraded| upgraded.downcast::<TokioIo<Stream>>()) {
        Ok(Ok(parts)) => return Some(parts),
        // Every connection is one of the listener's.
        Ok(Err(_)) => debug!("a WebSocket over an unknown kind of connection"),
        Err(error) => debug!(%error, "a connection did not become a WebSocket"),
    }
    None
}

/// Whether one of the words of a header is this one, written in any case.
fn names(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    items(headers, name).any(|said| said.eq_ignore_ascii_case(word))
}

/// A header that may stand there once alone.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}

/// Whether something is announced between the handshake and the first frame: the two ends could disagree where that begins.
fn has_body(headers: &HeaderMap) -> bool {
    let mut lengths = headers.get_all(header::CONTENT_LENGTH).iter();
    lengths.any(|length| length != "0") || headers.contains_key(header::TRANSFER_ENCODING)
}

/// The answer to a client's key: shows that its handshake was understood by a server of WebSockets.
fn accept(key: &HeaderValue) -> Option<HeaderValue> {
    STANDARD.decode(key).ok().filter(|key| key.len() == KEY_BYTES)?;
    let mut hash = Sha1::new();
    hash.update(key.as_bytes());
    hash.update(KEY_SUFFIX);
    HeaderValue::try_from(STANDARD.encode(hash.finalize())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_the_specification_has_the_answer_of_the_specification() {
        let answer = accept(&HeaderValue::from_static("dGhlIHNhbXBsZSBub25jZQ=="));
        assert_eq!(answer.unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
