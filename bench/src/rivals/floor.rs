//! The floor: a bare loop around epoll that does nothing but number messages and write finished frames. What it costs is
//! what the system's calls cost; nobody who gives each listener its own socket gets below.

use super::{announce, room_in, words::Words};
use crate::{
    Outcome,
    generator::{
        frames::{self, opcode},
        line::ACCEPT,
    },
};
use rustix::{
    buffer::spare_capacity,
    event::epoll::{self, EventData, EventFlags},
    io::Errno,
};
use std::{
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    os::fd::OwnedFd,
};

const EVENTS_MAX: usize = 1024;
const READ_LEN: usize = 64 * 1024;
/// The event number of the listening socket.
const DOOR: u64 = u64::MAX;

/// How messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writes {
    /// One write for each message and listener.
    Each,
    /// One write for each listener with all messages of one look at what came in.
    Together,
}

struct Client {
    socket: TcpStream,
    /// None before the upgrade.
    room: Option<usize>,
    received: Vec<u8>,
    unsent: Vec<u8>,
    gone: bool,
}

#[derive(Default)]
struct Room {
    last: i64,
    members: Vec<usize>,
    /// What waits to be written to each.
    waiting: Vec<u8>,
}

struct Floor {
    epoll: OwnedFd,
    writes: Writes,
    words: Words,
    clients: Vec<Client>,
    rooms: Vec<Room>,
    /// Rooms in which something waits.
    loud: Vec<usize>,
    buffer: Vec<u8>,
}

/// Serves until it is ended.
pub(super) fn serve(writes: Writes) -> Outcome<()> {
    let door = TcpListener::bind("127.0.0.1:0")?;
    door.set_nonblocking(true)?;
    let mut floor = Floor {
        epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
        writes,
        words: Words::new()?,
        clients: Vec::new(),
        rooms: Vec::new(),
        loud: Vec::new(),
        buffer: vec![0; READ_LEN],
    };
    epoll::add(&floor.epoll, &door, EventData::new_u64(DOOR), EventFlags::IN)?;
    announce(door.local_addr()?)?;
    let mut events = Vec::with_capacity(EVENTS_MAX);
    loop {
        events.clear();
        match epoll::wait(&floor.epoll, spare_capacity(&mut events), None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        for event in &events {
            match event.data.u64() {
                DOOR => floor.let_in(&door)?,
                client => floor.look_at(usize::try_from(client)?)?,
            }
        }
        floor.tell_all()?;
    }
}

impl Floor {
    fn let_in(&mut self, door: &TcpListener) -> Outcome<()> {
        loop {
            let socket = match door.accept() {
                Ok((socket, _)) => socket,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            socket.set_nonblocking(true)?;
            socket.set_nodelay(true)?;
            let data = EventData::new_u64(u64::try_from(self.clients.len())?);
            epoll::add(&self.epoll, &socket, data, EventFlags::IN | EventFlags::OUT | EventFlags::ET)?;
            let (received, unsent) = (Vec::new(), Vec::new());
            self.clients.push(Client { socket, room: None, received, unsent, gone: false });
        }
    }

    /// Reads all that came from a client and writes what it did not take before.
    fn look_at(&mut self, number: usize) -> Outcome<()> {
        loop {
            let Some(client) = self.clients.get_mut(number).filter(|client| !client.gone) else {
                return Ok(());
            };
            client.flush();
            match (&client.socket).read(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Ok(0) | Err(_) => {
                    client.gone = true;
                    return Ok(());
                }
                Ok(read) => client.received.extend_from_slice(self.buffer.get(..read).unwrap_or_default()),
            }
            let received = std::mem::take(&mut client.received);
            let rest = match client.room {
                None => self.upgrade(number, &received)?,
                Some(room) => self.hear(number, room, &received)?,
            };
            if let Some(client) = self.clients.get_mut(number) {
                client.received = received.get(received.len() - rest..).unwrap_or_default().to_vec();
            }
        }
    }

    /// Answers the request; gives how many bytes are left.
    fn upgrade(&mut self, number: usize, received: &[u8]) -> Outcome<usize> {
        if !received.ends_with(b"\r\n\r\n") {
            return Ok(received.len());
        }
        let request = String::from_utf8_lossy(received);
        let path = request.split(' ').nth(1).unwrap_or_default();
        let room = room_in(path).filter(|room| *room < EVENTS_MAX).ok_or("a request for no room")?;
        if self.rooms.len() <= room {
            self.rooms.resize_with(room + 1, Room::default);
        }
        if let (Some(room), Some(client)) = (self.rooms.get_mut(room), self.clients.get_mut(number)) {
            room.members.push(number);
            client.room = room_in(path);
            let answer = format!(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                 Sec-WebSocket-Accept: {ACCEPT}\r\n\r\n"
            );
            client.write(answer.as_bytes());
        }
        Ok(0)
    }

    /// Numbers every message that a client sent; gives how many bytes are left.
    fn hear(&mut self, number: usize, room: usize, received: &[u8]) -> Outcome<usize> {
        let mut rest = received;
        let mut answer = Vec::new();
        while let Some(frame) = frames::read(rest).map_err(|_| "what came is not a frame")? {
            rest = frame.rest;
            let Some(room_state) = self.rooms.get_mut(room).filter(|_| frame.head.opcode == opcode::TEXT)
            else {
                continue;
            };
            room_state.last += 1;
            let seq = room_state.last;
            if room_state.waiting.is_empty() {
                self.loud.push(room);
            }
            let event = self.words.event(seq);
            frames::write_plain(&mut room_state.waiting, opcode::TEXT, event.as_bytes());
            frames::write_plain(&mut answer, opcode::TEXT, self.words.ack(seq).as_bytes());
            if self.writes == Writes::Each {
                self.tell_all()?;
            }
        }
        if let Some(client) = self.clients.get_mut(number).filter(|_| !answer.is_empty()) {
            client.write(&answer);
        }
        Ok(rest.len())
    }

    /// Writes what waits in each room to each of its members.
    fn tell_all(&mut self) -> Outcome<()> {
        for room in self.loud.drain(..) {
            let Some(room) = self.rooms.get_mut(room) else { continue };
            for member in &room.members {
                if let Some(client) = self.clients.get_mut(*member).filter(|client| !client.gone) {
                    client.write(&room.waiting);
                }
            }
            room.waiting.clear();
        }
        Ok(())
    }
}

impl Client {
    fn write(&mut self, bytes: &[u8]) {
        if !self.unsent.is_empty() {
            self.unsent.extend_from_slice(bytes);
            return;
        }
        let written = self.accepted(bytes);
        self.unsent.extend_from_slice(bytes.get(written..).unwrap_or_default());
    }

    fn flush(&mut self) {
        if !self.unsent.is_empty() {
            let unsent = std::mem::take(&mut self.unsent);
            let written = self.accepted(&unsent);
            self.unsent = unsent.get(written..).unwrap_or_default().to_vec();
        }
    }

    /// How much the system took.
    fn accepted(&mut self, bytes: &[u8]) -> usize {
        match (&self.socket).write(bytes) {
            Ok(written) => written,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
            Err(_) => {
                self.gone = true;
                bytes.len()
            }
        }
    }
}
