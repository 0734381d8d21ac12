//! A WebSocket to the server.

use crate::Result;
use futures_util::{SinkExt, StreamExt};
use protocol::frame::ServerFrame;
use serde_json::Value;
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

/// The server pings more often than this, so a line that is silent for longer is dead.
const SILENCE_MAX: Duration = Duration::from_secs(40);

/// A connection on which frames come and go.
pub(crate) struct Line {
    socket: WebSocketStream<TcpStream>,
}

impl Line {
    /// Opens one.
    ///
    /// # Errors
    /// When nobody answers, or whoever asks is refused.
    pub(crate) async fn open(address: SocketAddr, token: &str) -> Result<Self> {
        let mut request = format!("ws://{address}/api/v1/socket").into_client_request()?;
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse()?);
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (socket, _) = client_async(request, stream).await?;
        Ok(Self { socket })
    }

    /// Says a frame.
    ///
    /// # Errors
    /// When the line is gone.
    pub(crate) async fn say(&mut self, frame: &Value) -> Result<()> {
        Ok(self.socket.send(Message::text(frame.to_string())).await?)
    }

    /// The next frame.
    ///
    /// # Errors
    /// When the line is gone.
    pub(crate) async fn next(&mut self) -> Result<ServerFrame> {
        loop {
            match timeout(SILENCE_MAX, self.socket.next()).await?.ok_or("the line ended")?? {
                Message::Text(text) => return Ok(serde_json::from_str(&text)?),
                Message::Close(reason) => return Err(format!("closed: {reason:?}").into()),
                _ => {}
            }
        }
    }
}
