//! A small HTTP client: one connection a request, so that nothing of one request is left for the next.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request, StatusCode},
};
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};

/// Long enough for a loaded machine; a test that waits so long has failed.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// So often somebody patient asks again.
const PATIENCE: usize = 5;

/// Somebody's way to the server: where it is, and what goes with every request.
#[derive(Clone, Debug)]
pub struct Client {
    pub address: SocketAddr,
    pub headers: Vec<(String, String)>,
    pub is_patient: bool,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, headers: Vec::new(), is_patient: false }
    }

    /// The same, but what is refused as `busy`, of which nothing was done, is asked for again when the refusal says so: for
    /// stories that keep the machine busy themselves.
    pub fn patient(&self) -> Self {
        Self { is_patient: true, ..self.clone() }
    }

    /// The same with one header more.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.into(), value.into()));
        client
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None).await
    }

    pub async fn post(&self, path: &str, body: impl Serialize) -> Reply {
        self.json(Method::POST, path, body).await
    }

    pub async fn put(&self, path: &str, body: impl Serialize) -> Reply {
        self.json(Method::PUT, path, body).await
    }

    pub async fn patch(&self, path: &str, body: impl Serialize) -> Reply {
        self.json(Method::PATCH, path, body).await
    }

    async fn json(&self, method: Method, path: &str, body: impl Serialize) -> Reply {
        let client = self.with("content-type", "application/json");
        client.send(method, path, Some(serde_json::to_string(&body).unwrap())).await
    }

    /// Sends a request as it is. Panics when there is no answer.
    pub async fn send(&self, method: Method, path: &str, body: Option<String>) -> Reply {
        let mut reply = self.try_send(method.clone(), path, body.clone()).await.unwrap();
        let times_again = if self.is_patient { PATIENCE } else { 0 };
        for _ in 0..times_again {
            let Some(wait) = reply.busy_for() else { break };
            sleep(wait).await;
            reply = self.try_send(method.clone(), path, body.clone()).await.unwrap();
        }
        reply
    }

    /// Sends a request as it is. The error says why there was no answer.
    pub async fn try_send(&self, method: Method, path: &str, body: Option<String>) -> Result<Reply, String> {
        let mut request = Request::builder().method(method).uri(path);
        if !self.headers.iter().any(|(name, _)| name == "host") {
            request = request.header("host", self.address.to_string());
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(body.unwrap_or_default())).unwrap();
        let answered = timeout(DEADLINE, exchange(self.address, request)).await;
        answered.map_err(|_| "no answer in time".to_owned())?.map_err(|error| error.to_string())
    }
}

async fn exchange(address: SocketAddr, request: Request<Body>) -> Result<Reply, Box<dyn std::error::Error>> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let response = sender.send_request(request).await?;
    let (parts, body) = response.into_parts();
    let body = body.collect().await?.to_bytes();
    driver.abort();
    Ok(Reply { status: parts.status, headers: parts.headers, body })
}

impl Reply {
    /// When to ask again, if there was too much to do.
    fn busy_for(&self) -> Option<Duration> {
        let problem: Value = serde_json::from_slice(&self.body).ok()?;
        let wait_ms = problem["retry_after_ms"].as_u64()?;
        (problem["code"] == "busy").then(|| Duration::from_millis(wait_ms))
    }

    /// The body, when the status is the expected one.
    #[track_caller]
    pub fn expect<T: DeserializeOwned>(&self, status: u16) -> T {
        self.expect_status(status);
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    #[track_caller]
    pub fn expect_status(&self, status: u16) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
    }

    #[track_caller]
    pub fn expect_text(&self, status: u16) -> String {
        self.expect_status(status);
        self.text()
    }

    /// The problem, when it is one with this status and code.
    #[track_caller]
    pub fn expect_problem(&self, status: u16, code: &str) -> Value {
        let problem: Value = self.expect(status);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        problem
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The `name=value` of the cookie that this answer sets.
    #[track_caller]
    pub fn cookie(&self) -> String {
        self.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
