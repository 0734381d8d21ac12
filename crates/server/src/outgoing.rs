//! What Parlor itself asks of other services: by TLS with the machine's own root certificates, bounded in size, and without
//! ever following a redirect, so that a secret goes where it was meant to go and nowhere else. The time is bounded by
//! whoever asks.

use axum::body::{Body, to_bytes};
use bytes::Bytes;
use hyper::{Request, StatusCode};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use std::{fmt, io, time::Duration};

/// The longest body of an answer. What is asked for today has a few KiB.
const ANSWER_BYTES_MAX: usize = 256 * 1024;
/// The longest head of an answer.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// One address of a host that does not answer leaves time to try the next.
const CONNECT_WITHIN: Duration = Duration::from_secs(4);

/// Why there was no answer. Holds nothing of the question.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// No connection, no TLS that can be trusted, or an answer that is no HTTP.
    Unreachable(String),
    /// The body broke off or is longer than any that is expected.
    Unreadable,
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) => write!(f, "cannot be reached: {why}"),
            Self::Unreadable => f.write_str("broke off, or its answer is too long"),
        }
    }
}

/// A client of other services.
pub(crate) struct Outgoing {
    client: Client<HttpsConnector<HttpConnector>, Body>,
}

impl Outgoing {
    /// Errors when the machine has no root certificates.
    pub(crate) fn new() -> io::Result<Self> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(CONNECT_WITHIN));
        // That a secret is not sent in clear over a network is for the settings to refuse.
        let connector = HttpsConnectorBuilder::new().with_native_roots()?.https_or_http().enable_http1();
        let client = Client::builder(TokioExecutor::new())
            // What is asked so rarely finds a kept connection closed.
            .pool_max_idle_per_host(0)
            .http1_max_buf_size(HEAD_BYTES_MAX)
            .build(connector.wrap_connector(tcp));
        Ok(Self { client })
    }

    /// Asks, and reads the whole answer whatever its status is.
    pub(crate) async fn ask(&self, request: Request<Body>) -> Result<(StatusCode, Bytes), Unanswered> {
        let answer = self.client.request(request).await.map_err(|error| {
            // The reason is in what stands behind the error, such as "connection refused".
            let why =
                std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
            Unanswered::Unreachable(why)
        })?;
        let (head, body) = answer.into_parts();
        let body = to_bytes(Body::new(body), ANSWER_BYTES_MAX).await.map_err(|_| Unanswered::Unreadable)?;
        Ok((head.status, body))
    }
}
