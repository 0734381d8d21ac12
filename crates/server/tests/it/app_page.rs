//! The ChatApp's page, as far as its socket goes: a list of lines, the position of a line as the only name that it has, and
//! what each kind of frame does to the list.

use crate::client::DEADLINE;
use futures_util::{SinkExt, StreamExt};
use std::net::SocketAddr;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

pub struct Page {
    socket: WebSocketStream<TcpStream>,
    pub client_id: String,
    pub user_name: String,
    /// The frames behind the lines; one that was updated has its new text and name.
    pub lines: Vec<String>,
}

impl Page {
    /// Opens the page's socket. The error is the status that refused it.
    pub async fn open(
        address: SocketAddr,
        client_id: &str,
        user_name: &str,
        query: &str,
        headers: &[(&'static str, String)],
    ) -> Result<Self, u16> {
        let url = format!("ws://{address}/ws/{client_id}{query}");
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let stream = TcpStream::connect(address).await.unwrap();
        match timeout(DEADLINE, client_async(request, stream)).await.unwrap() {
            Ok((socket, _)) => Ok(Self {
                socket,
                client_id: client_id.to_owned(),
                user_name: user_name.to_owned(),
                lines: Vec::new(),
            }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn sends(&mut self, frame: &str) {
        self.socket.send(Message::text(frame)).await.unwrap();
    }

    /// The form is submitted.
    pub async fn creates(&mut self, text: &str) {
        self.sends(&format!("create:{}: {text}:{}", self.client_id, self.user_name)).await;
    }

    /// The button at the line that ends so is pressed, and something is typed.
    pub async fn edits(&mut self, line: &str, text: &str) {
        let index = self.position(line);
        self.sends(&format!("update:{index}:{}:{text}:{}", self.client_id, self.user_name)).await;
    }

    /// The other button is pressed.
    pub async fn deletes(&mut self, line: &str) {
        let index = self.position(line);
        self.sends(&format!("delete:{index}")).await;
    }

    #[track_caller]
    fn position(&self, part: &str) -> usize {
        // An answer to `read` is a line without buttons.
        let fits = |line: &String| line.contains(part) && !line.starts_with('[');
        let found: Vec<usize> = (0..self.lines.len()).filter(|index| fits(&self.lines[*index])).collect();
        assert_eq!(found.len(), 1, "{part:?} in {:?}", self.lines);
        found[0]
    }

    /// The next frame, and what it does to the page.
    pub async fn hears(&mut self) -> String {
        let frame = loop {
            let message = timeout(DEADLINE, self.socket.next()).await.expect("the socket stayed silent");
            match message.expect("the connection goes on").unwrap() {
                Message::Text(text) => break text.to_string(),
                Message::Close(reason) => panic!("closed: {reason:?}"),
                _ => {}
            }
        };
        if let Some(rest) = frame.strip_prefix("Updated message:") {
            let (index, rest) = rest.split_once(':').unwrap();
            let index: usize = index.parse().unwrap();
            let who = self.lines[index].split(':').next().unwrap().to_owned();
            self.lines[index] = format!("{who}: {rest}");
        } else if let Some(index) = frame.strip_prefix("Message deleted:") {
            self.lines.remove(index.parse().unwrap());
        } else {
            self.lines.push(frame.clone());
        }
        frame
    }

    /// Frames until one like this; everything before it was shown.
    pub async fn hears_until(&mut self, part: &str) -> String {
        loop {
            let frame = self.hears().await;
            if frame.contains(part) {
                return frame;
            }
        }
    }

    pub async fn leaves(mut self) {
        self.socket.close(None).await.unwrap();
        while let Some(Ok(_)) = self.socket.next().await {}
    }
}
