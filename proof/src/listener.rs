//! Somebody who only listens to General, as cheaply as it can be done: thousands of them fit into one process.

use crate::{Result, http::Asker};
use futures_util::{SinkExt, StreamExt};
use hyper::Method;
use protocol::ids::GENERAL;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;
use tokio::{net::TcpSocket, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        Message,
        client::IntoClientRequest,
        protocol::{CloseFrame, WebSocketConfig},
    },
};

/// A connection that takes longer is given up.
const WELCOME_PATIENCE: Duration = Duration::from_secs(30);
/// What a connection reads at once, in bytes: there are many of them.
const READ_LEN: usize = 4 * 1024;

/// What was said, as far as it matters here.
#[derive(Deserialize)]
struct Frame {
    op: String,
    #[serde(default)]
    conversation: Option<i64>,
    #[serde(default)]
    rev: i64,
    #[serde(default)]
    since: i64,
    #[serde(default)]
    head: i64,
    #[serde(default)]
    has_more: bool,
    #[serde(default)]
    epoch: String,
    #[serde(default)]
    conversations: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    id: i64,
    last_rev: i64,
}

/// What a listener came across.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Something that it took, or that was not for it.
    Something,
    /// What follows its cursor was dropped, and is to be fetched.
    Lag,
    /// The end, with this code if any was given.
    End(Option<u16>),
}

/// A listener that is connected.
pub(crate) struct Listener {
    asker: Asker,
    socket: WebSocketStream<tokio::net::TcpStream>,
    /// The change up to which it knows everything.
    pub(crate) cursor: i64,
    /// The bytes of what it was said.
    pub(crate) bytes: usize,
    epoch: String,
}

impl Listener {
    /// Connects: afresh, or with what it knows. `buffer`: how many bytes the system keeps for it unread; as usual without.
    ///
    /// # Errors
    /// When it is not let in.
    pub(crate) async fn open(asker: &Asker, known: Option<(&str, i64)>, buffer: Option<u32>) -> Result<Self> {
        timeout(WELCOME_PATIENCE, Self::open_patiently(asker, known, buffer)).await?
    }

    async fn open_patiently(asker: &Asker, known: Option<(&str, i64)>, buffer: Option<u32>) -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        if let Some(bytes) = buffer {
            socket.set_recv_buffer_size(bytes)?;
        }
        let stream = socket.connect(asker.address).await?;
        stream.set_nodelay(true)?;
        let mut request = format!("ws://{}/api/v1/socket", asker.address).into_client_request()?;
        let token = asker.token.as_deref().unwrap_or_default();
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse()?);
        let config = WebSocketConfig::default().read_buffer_size(READ_LEN).write_buffer_size(0);
        let (socket, _) = client_async_with_config(request, stream, Some(config)).await?;
        let mut listener = Self { asker: asker.clone(), socket, cursor: 0, bytes: 0, epoch: String::new() };
        let resume = known.map(|(epoch, cursor)| json!({ "epoch": epoch, "cursors": { "1": cursor } }));
        listener.socket.send(Message::text(json!({ "op": "hello", "resume": resume }).to_string())).await?;
        listener.be_welcomed(known).await?;
        Ok(listener)
    }

    async fn be_welcomed(&mut self, known: Option<(&str, i64)>) -> Result<()> {
        let welcome = loop {
            match self.frame().await? {
                Ok(frame) if frame.op == "welcome" => break frame,
                Ok(_) => {}
                Err(code) => return Err(format!("closed with {code:?} before the welcome").into()),
            }
        };
        let head = welcome.conversations.iter().find(|listed| listed.id == GENERAL.0);
        let head = head.ok_or("General is not listed")?.last_rev;
        self.cursor = match known {
            Some((epoch, cursor)) if epoch == welcome.epoch => cursor,
            _ => head,
        };
        self.epoch = welcome.epoch;
        while self.cursor < head {
            if self.hear().await? == Heard::Lag {
                self.catch_up().await?;
            }
        }
        Ok(())
    }

    /// What it would have to be told to go on elsewhere.
    #[must_use]
    pub(crate) fn known(&self) -> (String, i64) {
        (self.epoch.clone(), self.cursor)
    }

    /// Takes the next thing that it is said.
    ///
    /// # Errors
    /// When what it is said makes no sense.
    pub(crate) async fn hear(&mut self) -> Result<Heard> {
        let frame = match self.frame().await? {
            Ok(frame) => frame,
            Err(code) => return Ok(Heard::End(code)),
        };
        if frame.conversation != Some(GENERAL.0) {
            return Ok(Heard::Something);
        }
        match frame.op.as_str() {
            "event" if frame.rev == self.cursor + 1 => self.cursor = frame.rev,
            "event" if frame.rev > self.cursor => return Ok(Heard::Lag),
            "changes" if frame.since <= self.cursor => {
                self.cursor = self.cursor.max(frame.head);
                if frame.has_more {
                    return Ok(Heard::Lag);
                }
            }
            "lag" => return Ok(Heard::Lag),
            _ => {}
        }
        Ok(Heard::Something)
    }

    /// Fetches what follows the cursor, all of it.
    ///
    /// # Errors
    /// When the server does not answer.
    pub(crate) async fn catch_up(&mut self) -> Result<()> {
        loop {
            let path = format!("/api/v1/conversations/{GENERAL}/changes?since={}", self.cursor);
            let changes: protocol::Changes = self.asker.ask(Method::GET, &path, None).await?.read()?;
            self.cursor = self.cursor.max(changes.head);
            if !changes.has_more {
                return Ok(());
            }
        }
    }

    /// Ends as if its cable had been pulled.
    pub(crate) fn cut(self) {
        // Where that is refused it ends politely.
        let _ = self.socket.get_ref().set_zero_linger();
    }

    /// The next frame, or the code with which the connection ended.
    async fn frame(&mut self) -> Result<std::result::Result<Frame, Option<u16>>> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    self.bytes += text.len();
                    return Ok(Ok(serde_json::from_str(&text)?));
                }
                Some(Ok(Message::Close(reason))) => {
                    return Ok(Err(reason.map(|CloseFrame { code, .. }| code.into())));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Ok(Err(None)),
            }
        }
    }
}
