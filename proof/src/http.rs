//! Plain requests, each on a connection of its own, so that a network that fails shows in this one alone.

use crate::Result;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, StatusCode, body::Bytes, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, time::timeout};

/// After so long without an answer nobody knows what became of a request.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: StatusCode,
    /// Its body, where it is JSON; `null` otherwise.
    pub(crate) body: Value,
}

impl Answer {
    /// What was asked for. An answer of another kind than success is an error that says so.
    ///
    /// # Errors
    /// When it was refused, or is not what was asked for.
    pub(crate) fn read<T: DeserializeOwned>(self) -> Result<T> {
        if self.status.is_success() {
            return Ok(serde_json::from_value(self.body)?);
        }
        Err(format!("{}: {}", self.status, self.body).into())
    }

    /// The word of an error, for programs.
    #[must_use]
    pub(crate) fn code(&self) -> &str {
        self.body.get("code").and_then(Value::as_str).unwrap_or("none")
    }

    /// Whether it was refused for good: asking for the same again cannot succeed.
    #[must_use]
    pub(crate) fn is_refusal(&self) -> bool {
        self.status.is_client_error() && self.status != StatusCode::TOO_MANY_REQUESTS
    }
}

/// Somebody who asks.
#[derive(Clone, Debug)]
pub(crate) struct Asker {
    /// Where.
    pub(crate) address: SocketAddr,
    /// As whom.
    pub(crate) token: Option<String>,
}

impl Asker {
    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// When none came.
    pub(crate) async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Answer> {
        timeout(PATIENCE, self.ask_patiently(method, path, body)).await?
    }

    async fn ask_patiently(&self, method: Method, path: &str, body: Option<Value>) -> Result<Answer> {
        let stream = TcpStream::connect(self.address).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let driven = tokio::spawn(connection);
        let mut request =
            Request::builder().method(method).uri(path).header(header::HOST, self.address.to_string());
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = body.map(|body| body.to_string());
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(Full::new(Bytes::from(body.unwrap_or_default())))?;
        let answer = sender.send_request(request).await?;
        let status = answer.status();
        let bytes = answer.into_body().collect().await?.to_bytes();
        driven.abort();
        Ok(Answer { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) })
    }

    /// Asks for something that is there.
    ///
    /// # Errors
    /// When no answer came, or another one.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        self.ask(Method::GET, path, None).await?.read()
    }

    /// Asks for something to be done.
    ///
    /// # Errors
    /// When no answer came, or it was refused.
    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, body: Value) -> Result<T> {
        self.ask(Method::POST, path, Some(body)).await?.read()
    }
}
