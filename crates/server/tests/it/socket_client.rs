//! A small socket client: frames as JSON, waits that end.

use crate::client::DEADLINE;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::Response},
};

/// An open socket.
pub struct Connection {
    socket: WebSocketStream<TcpStream>,
    /// What was welcomed with; `null` before the hello.
    pub welcome: Value,
}

impl Connection {
    /// Opens a socket with the bearer header, says hello and waits for the welcome.
    pub async fn open(address: SocketAddr, token: &str) -> Self {
        let headers = [("authorization", format!("Bearer {token}"))];
        let mut connection = Self::handshake(address, &headers).await.unwrap();
        connection.says(json!({ "op": "hello" })).await;
        connection.welcome = connection.hears("welcome").await;
        connection
    }

    /// The same; `None` when the server goes away meanwhile.
    pub async fn try_open(address: SocketAddr, token: &str) -> Option<Self> {
        let mut request = format!("ws://{address}/api/v1/socket").into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        let stream = TcpStream::connect(address).await.ok()?;
        let (socket, _) = timeout(DEADLINE, client_async(request, stream)).await.unwrap().ok()?;
        let mut connection = Self { socket, welcome: Value::Null };
        connection.tries_to_say(json!({ "op": "hello" })).await.ok()?;
        while connection.welcome.is_null() {
            let frame = connection.next().await.ok()?;
            if frame["op"] == "welcome" {
                connection.welcome = frame;
            }
        }
        Some(connection)
    }

    /// Opens a socket with these headers and says nothing. The error is the answer that refused it.
    pub async fn handshake(
        address: SocketAddr,
        headers: &[(&'static str, String)],
    ) -> Result<Self, Box<Response<Option<Vec<u8>>>>> {
        Self::at(address, "/api/v1/socket", headers).await
    }

    /// The same for the socket at another path.
    pub async fn at(
        address: SocketAddr,
        path: &str,
        headers: &[(&'static str, String)],
    ) -> Result<Self, Box<Response<Option<Vec<u8>>>>> {
        let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let stream = TcpStream::connect(address).await.unwrap();
        match timeout(DEADLINE, client_async(request, stream)).await.unwrap() {
            Ok((socket, _)) => Ok(Self { socket, welcome: Value::Null }),
            Err(Error::Http(response)) => Err(response),
            Err(error) => panic!("{error}"),
        }
    }

    /// The socket itself, for what is no JSON.
    pub fn socket(&mut self) -> &mut WebSocketStream<TcpStream> {
        &mut self.socket
    }

    /// Sends a frame.
    pub async fn says(&mut self, frame: Value) {
        self.socket.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// Sends a frame; the error says that the connection is gone.
    pub async fn tries_to_say(&mut self, frame: Value) -> Result<(), Error> {
        self.socket.send(Message::text(frame.to_string())).await
    }

    /// The next frame, or the close code with which the server ended.
    pub async fn next(&mut self) -> Result<Value, Option<u16>> {
        loop {
            let message = timeout(DEADLINE, self.socket.next()).await.expect("the socket stayed silent");
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(reason))) => return Err(reason.map(|reason| reason.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// The next frame with this `op`; others before it are passed over.
    pub async fn hears(&mut self, op: &str) -> Value {
        loop {
            let frame = self.next().await.unwrap_or_else(|code| panic!("closed with {code:?} before {op}"));
            if frame["op"] == op {
                return frame;
            }
        }
    }

    /// The next frame with another `op` than these.
    pub async fn hears_anything_but(&mut self, ops: &[&str]) -> Value {
        loop {
            let frame = self.next().await.unwrap_or_else(|code| panic!("closed with {code:?}"));
            if !ops.iter().any(|op| frame["op"] == *op) {
                return frame;
            }
        }
    }

    /// The next event of this type.
    pub async fn hears_event(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.hears("event").await;
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// Waits for the end; frames before it are passed over.
    pub async fn ends(&mut self) -> Option<u16> {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }
}
