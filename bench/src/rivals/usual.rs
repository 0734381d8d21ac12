//! The usual way, as axum's own chat example has it: for each room a broadcast channel, for each client a task that writes what
//! the channel says and one that posts what the client sends. Nothing is stored.

use super::{announce, room_in, words::Words};
use crate::Outcome;
use axum::{
    Router,
    extract::{
        Path, State, WebSocketUpgrade,
        ws::{Message, Utf8Bytes, WebSocket},
    },
    response::{IntoResponse, Response},
    routing::get,
    serve::ListenerExt,
};
use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::{
    net::TcpListener,
    sync::broadcast::{self, error::RecvError},
};

/// Messages that wait for the slowest listener: several times what the generator lets be on the way.
const CHANNEL_LEN: usize = 1024;

#[derive(Clone)]
struct Told {
    text: Utf8Bytes,
    seq: i64,
    /// The client who sent it.
    from: u64,
}

struct Room {
    tell: broadcast::Sender<Told>,
    /// The newest message. Held while it is told, so that all hear the same order.
    last: Mutex<i64>,
}

#[derive(Clone)]
struct App {
    rooms: Arc<Mutex<HashMap<usize, Arc<Room>>>>,
    words: Arc<Words>,
    /// How many have come.
    clients: Arc<AtomicU64>,
}

/// Serves until it is ended; with `at_once`, small segments do not wait for the other end to confirm earlier ones.
pub(super) fn serve(at_once: bool) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let app = App { rooms: Arc::default(), words: Arc::new(Words::new()?), clients: Arc::default() };
        let router = Router::new().route("/room/{number}", get(enter)).with_state(app);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        announce(listener.local_addr()?)?;
        if at_once {
            // Fails when the other end is gone, which the first read notices.
            let listener = listener.tap_io(|tcp| drop(tcp.set_nodelay(true)));
            axum::serve(listener, router).await?;
        } else {
            axum::serve(listener, router).await?;
        }
        Ok(())
    })
}

async fn enter(State(app): State<App>, Path(number): Path<String>, upgrade: WebSocketUpgrade) -> Response {
    match room_in(&format!("/room/{number}")) {
        Some(number) => upgrade.on_upgrade(move |socket| converse(socket, app, number)),
        None => axum::http::StatusCode::NOT_FOUND.into_response(),
    }
}

async fn converse(socket: WebSocket, app: App, number: usize) {
    let room = app.room(number);
    let me = app.clients.fetch_add(1, Ordering::Relaxed);
    let (writer, reader) = socket.split();
    let mut writing = tokio::spawn(write(writer, room.tell.subscribe(), app.words.clone(), me));
    let mut reading = tokio::spawn(read(reader, room, app.words, me));
    tokio::select! {
        _ = &mut writing => reading.abort(),
        _ = &mut reading => writing.abort(),
    }
}

/// Writes each message as the channel gives it; after one's own, what acknowledges it.
async fn write(
    mut socket: SplitSink<WebSocket, Message>,
    mut told: broadcast::Receiver<Told>,
    words: Arc<Words>,
    me: u64,
) {
    loop {
        let told = match told.recv().await {
            Ok(told) => told,
            Err(RecvError::Lagged(_)) => continue,
            Err(RecvError::Closed) => return,
        };
        if socket.send(Message::Text(told.text)).await.is_err() {
            return;
        }
        if told.from == me && socket.send(Message::Text(words.ack(told.seq).into())).await.is_err() {
            return;
        }
    }
}

/// Tells everyone whatever the client sends.
async fn read(mut socket: SplitStream<WebSocket>, room: Arc<Room>, words: Arc<Words>, me: u64) {
    while let Some(Ok(heard)) = socket.next().await {
        if matches!(heard, Message::Text(_)) {
            room.post(&words, me);
        }
    }
}

impl App {
    fn room(&self, number: usize) -> Arc<Room> {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Room { tell: broadcast::Sender::new(CHANNEL_LEN), last: Mutex::new(0) });
        Arc::clone(rooms.entry(number).or_insert_with(new))
    }
}

impl Room {
    fn post(&self, words: &Words, from: u64) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last += 1;
        // Nobody listens to a room whose last member is just leaving.
        let _ = self.tell.send(Told { text: words.event(*last).into(), seq: *last, from });
    }
}
