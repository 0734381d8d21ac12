//! A wire that can be cut: what comes in on a free port goes to a server, until a story says otherwise.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, copy_bidirectional},
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
};

/// Where the wire leads.
#[derive(Clone, Debug)]
pub enum End {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Whole,
    /// Connections break, new ones are closed at once.
    Cut,
    /// Connections stay and nothing goes through them.
    Stuck,
}

pub struct Wire {
    pub address: SocketAddr,
    state: watch::Sender<State>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Wire {
    pub async fn to(end: End) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = watch::Sender::new(State::Whole);
        let accepting = tokio::spawn(accept(listener, end, state.clone()));
        Self { address, state, accepting }
    }

    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    pub fn stick(&self) {
        self.state.send_replace(State::Stuck);
    }

    pub fn mend(&self) {
        self.state.send_replace(State::Whole);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.state.send_replace(State::Cut);
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, end: End, state: watch::Sender<State>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let (end, state) = (end.clone(), state.subscribe());
        tokio::spawn(async move {
            match end {
                End::Tcp(address) => carry(stream, TcpStream::connect(address).await, state).await,
                End::Unix(path) => carry(stream, UnixStream::connect(path).await, state).await,
            }
        });
    }
}

async fn carry(
    mut one: TcpStream,
    other: std::io::Result<impl AsyncRead + AsyncWrite + Unpin>,
    mut state: watch::Receiver<State>,
) {
    let Ok(mut other) = other else { return };
    loop {
        let now = *state.borrow_and_update();
        match now {
            State::Cut => return,
            State::Stuck => {
                if state.changed().await.is_err() {
                    return;
                }
            }
            State::Whole => {
                tokio::select! {
                    _ = copy_bidirectional(&mut one, &mut other) => return,
                    changed = state.changed() => if changed.is_err() { return },
                }
            }
        }
    }
}
