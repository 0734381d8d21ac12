//! The usual way: axum, a task for each client, a broadcast channel for each room. Nothing is stored.

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
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    net::TcpListener,
    sync::broadcast::{self, error::RecvError},
};

/// Messages that wait for the slowest listener: several times what the generator lets be on the way.
const CHANNEL_LEN: usize = 1024;

struct Room {
    tell: broadcast::Sender<Utf8Bytes>,
    /// The newest message. Held while it is told, so that all hear the same order.
    last: Mutex<i64>,
}

#[derive(Clone)]
struct App {
    rooms: Arc<Mutex<HashMap<usize, Arc<Room>>>>,
    words: Arc<Words>,
}

/// Serves until it is ended; with `at_once`, small segments do not wait for the other end to confirm earlier ones.
pub(super) fn serve(at_once: bool) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let app = App { rooms: Arc::default(), words: Arc::new(Words::new()?) };
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

async fn converse(mut socket: WebSocket, app: App, number: usize) {
    let room = app.room(number);
    let mut told = room.tell.subscribe();
    loop {
        tokio::select! {
            told = told.recv() => {
                let text = match told {
                    Ok(text) => text,
                    Err(RecvError::Lagged(_)) => continue,
                    Err(RecvError::Closed) => return,
                };
                if socket.send(Message::Text(text)).await.is_err() {
                    return;
                }
            }
            heard = socket.recv() => {
                let answer = match heard {
                    Some(Ok(Message::Text(_))) => room.post(&app.words),
                    Some(Ok(_)) => continue,
                    _ => return,
                };
                if socket.send(Message::Text(answer)).await.is_err() {
                    return;
                }
            }
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
    /// Tells everyone, and gives what to answer the sender.
    fn post(&self, words: &Words) -> Utf8Bytes {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last += 1;
        // Nobody listens to a room whose last member is just leaving.
        let _ = self.tell.send(words.event(*last).into());
        words.ack(*last).into()
    }
}
