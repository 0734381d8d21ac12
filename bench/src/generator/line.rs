//! One WebSocket connection, from the request that opens it on.

use super::frames::{self, Frame, Op, opcode};
use crate::Outcome;
use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    os::fd::{AsFd, BorrowedFd},
    time::Instant,
};

/// What one read asks for: some hundred frames at once.
const READ_LEN: usize = 256 * 1024;
/// The key of the protocol's own example: the same for all, because nothing here guesses it.
pub(crate) const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
/// What a server answers to it.
pub(crate) const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// How to open a connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dial {
    pub(crate) path: String,
    pub(crate) token: Option<String>,
    /// What is said first. Whoever says something waits for the welcome.
    pub(crate) hello: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Upgrading,
    Greeting,
    Open,
    /// By the other end.
    Ended,
}

/// One connection.
pub(crate) struct Line {
    socket: TcpStream,
    state: State,
    hello: Option<String>,
    /// The beginning of a frame whose end has not come.
    leftover: Vec<u8>,
    /// What the system did not take yet.
    unsent: Vec<u8>,
}

impl Line {
    /// Connects and asks for the upgrade.
    pub(crate) fn open(address: SocketAddr, dial: &Dial) -> Outcome<Self> {
        let socket = TcpStream::connect(address)?;
        socket.set_nodelay(true)?;
        socket.set_nonblocking(true)?;
        let token = dial.token.as_ref().map(|token| format!("Authorization: Bearer {token}\r\n"));
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n{}\r\n",
            dial.path,
            token.unwrap_or_default()
        );
        let hello = dial.hello.clone();
        let mut line =
            Self { socket, state: State::Upgrading, hello, leftover: Vec::new(), unsent: Vec::new() };
        line.write(request.as_bytes())?;
        Ok(line)
    }

    pub(crate) fn is_open(&self) -> bool {
        self.state == State::Open
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.state == State::Ended
    }

    pub(crate) fn has_unsent(&self) -> bool {
        !self.unsent.is_empty()
    }

    /// Writes these bytes, or keeps what the system does not take.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.has_unsent() {
            self.unsent.extend_from_slice(bytes);
            return self.flush();
        }
        let written = accepted((&self.socket).write(bytes))?;
        self.unsent.extend_from_slice(bytes.get(written..).unwrap_or_default());
        Ok(())
    }

    /// Tries again to write what was kept.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        let written = accepted((&self.socket).write(&self.unsent))?;
        self.unsent.drain(..written.min(self.unsent.len()));
        Ok(())
    }

    /// Reads once what has come, and gives each text frame to `hear` with the moment of the read.
    pub(crate) fn read(&mut self, buffer: &mut Vec<u8>, mut hear: impl FnMut(Instant, &[u8])) -> Outcome<()> {
        let kept = self.leftover.len();
        if buffer.len() < kept + READ_LEN {
            buffer.resize(kept + READ_LEN, 0);
        }
        let (old, new) = buffer.split_at_mut_checked(kept).ok_or("a buffer that does not grow")?;
        old.copy_from_slice(&self.leftover);
        let read = match (&self.socket).read(new) {
            Ok(0) => return self.end(),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return self.end(),
            read => read?,
        };
        let at = Instant::now();
        let mut rest = buffer.get(..kept + read).unwrap_or_default();
        if self.state == State::Upgrading {
            rest = self.upgrade(rest)?;
        }
        while self.state != State::Upgrading {
            let frame = frames::read(rest).map_err(|_| "what came is not a frame")?;
            let Some(Frame { head, payload, rest: after }) = frame else { break };
            rest = after;
            match head.opcode {
                opcode::TEXT => {
                    if self.state == State::Greeting && frames::op_of(payload) == Op::Welcome {
                        self.state = State::Open;
                    }
                    hear(at, payload);
                }
                opcode::PING => self.say(opcode::PONG, payload)?,
                opcode::CLOSE => return self.end(),
                _ => {}
            }
        }
        self.leftover.clear();
        self.leftover.extend_from_slice(rest);
        Ok(())
    }

    /// Writes one frame.
    pub(crate) fn say(&mut self, opcode: u8, payload: &[u8]) -> io::Result<()> {
        let mut frame = Vec::with_capacity(payload.len() + 14);
        frames::write_masked(&mut frame, opcode, payload);
        self.write(&frame)
    }

    /// Reads the answer to the request, if all of it is there. Gives what follows it.
    fn upgrade<'a>(&mut self, bytes: &'a [u8]) -> Outcome<&'a [u8]> {
        const END: &[u8] = b"\r\n\r\n";
        let Some(end) = bytes.windows(END.len()).position(|window| window == END) else { return Ok(bytes) };
        let (head, rest) = bytes.split_at_checked(end + END.len()).unwrap_or((bytes, &[]));
        let head = String::from_utf8_lossy(head);
        if !head.starts_with("HTTP/1.1 101 ") || !head.contains(ACCEPT) {
            return Err(
                format!("the upgrade was refused: {}", head.lines().next().unwrap_or_default()).into()
            );
        }
        self.state = State::Open;
        if let Some(hello) = self.hello.take() {
            self.state = State::Greeting;
            self.say(opcode::TEXT, hello.as_bytes())?;
        }
        Ok(rest)
    }

    fn end(&mut self) -> Outcome<()> {
        self.state = State::Ended;
        Ok(())
    }
}

impl AsFd for Line {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// How much was written, where nothing is no failure.
fn accepted(written: io::Result<usize>) -> io::Result<usize> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
        written => written,
    }
}
