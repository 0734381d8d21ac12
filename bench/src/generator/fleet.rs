//! Many connections, waited for together.

use super::line::{Dial, Line};
use crate::Outcome;
use rustix::{
    buffer::spare_capacity,
    event::{Timespec, epoll},
    io::Errno,
};
use std::{
    mem,
    net::SocketAddr,
    os::fd::OwnedFd,
    time::{Duration, Instant},
};

/// Connections that are looked at after one wait.
const EVENTS_MAX: usize = 1024;
/// Handshakes under way at once: more than any server here does at a time, and fewer than fit into the queue at the door of one
/// that asks for the usual 128. Beyond it the system drops them, and each waits a second to knock again.
const HANDSHAKES_MAX: usize = 100;
/// Opening all of them may take so long on a busy machine.
const OPEN_PATIENCE: Duration = Duration::from_secs(120);

/// Many connections.
pub(crate) struct Fleet {
    epoll: OwnedFd,
    /// Never sleeps while it waits. Waking somebody who sleeps is work for whoever writes to them, which a server whose
    /// clients are on other machines does not have.
    spins: bool,
    /// Time spent on anything but waiting.
    worked: Duration,
    lines: Vec<Line>,
    events: Vec<epoll::Event>,
    buffer: Vec<u8>,
    /// Lines with something that the system did not take yet.
    stuck: Vec<usize>,
}

impl Fleet {
    /// Opens all connections, to each of the addresses in turn, and waits until each is welcome. `hear` gets every frame that
    /// comes meanwhile, with the number of the connection.
    pub(crate) fn open(
        addresses: &[SocketAddr],
        dials: &[Dial],
        mut hear: impl FnMut(usize, Instant, &[u8]),
    ) -> Outcome<Self> {
        let mut fleet = Self {
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            spins: false,
            worked: Duration::ZERO,
            lines: Vec::with_capacity(dials.len()),
            events: Vec::with_capacity(EVENTS_MAX),
            buffer: Vec::new(),
            stuck: Vec::new(),
        };
        let begun = Instant::now();
        let mut under_way: Vec<usize> = Vec::new();
        let mut dials = dials.iter().zip(addresses.iter().cycle());
        loop {
            while under_way.len() < HANDSHAKES_MAX
                && let Some((dial, address)) = dials.next()
            {
                under_way.push(fleet.add(Line::open(*address, dial)?)?);
            }
            if under_way.is_empty() {
                return Ok(fleet);
            }
            fleet.turn(Duration::from_millis(100), &mut hear)?;
            under_way.retain(|index| fleet.lines.get(*index).is_some_and(|line| !line.is_open()));
            if begun.elapsed() > OPEN_PATIENCE {
                return Err(format!("{} connections were not let in", under_way.len()).into());
            }
        }
    }

    fn add(&mut self, line: Line) -> Outcome<usize> {
        let index = self.lines.len();
        let data = epoll::EventData::new_u64(u64::try_from(index)?);
        epoll::add(&self.epoll, &line, data, epoll::EventFlags::IN)?;
        self.lines.push(line);
        Ok(index)
    }

    /// Waits at most so long for anything to come and gives it to `hear`. An end that nobody asked for is an error.
    pub(crate) fn turn(
        &mut self,
        timeout: Duration,
        mut hear: impl FnMut(usize, Instant, &[u8]),
    ) -> Outcome<()> {
        for index in mem::take(&mut self.stuck) {
            self.with_line(index, Line::flush)?;
        }
        self.wait(timeout)?;
        let begun = Instant::now();
        for event in &self.events {
            let index = usize::try_from(event.data.u64())?;
            let Some(line) = self.lines.get_mut(index) else { continue };
            line.read(&mut self.buffer, |at, payload| hear(index, at, payload))?;
            if line.has_ended() {
                return Err(format!("the server ended connection {index}").into());
            }
        }
        self.worked += begun.elapsed();
        Ok(())
    }

    /// Waits until something came, at most so long.
    fn wait(&mut self, timeout: Duration) -> Outcome<()> {
        let begun = Instant::now();
        loop {
            let timeout_once = Timespec::try_from(if self.spins { Duration::ZERO } else { timeout })?;
            self.events.clear();
            match epoll::wait(&self.epoll, spare_capacity(&mut self.events), Some(&timeout_once)) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
            if !self.events.is_empty() || begun.elapsed() >= timeout {
                return Ok(());
            }
        }
    }

    /// From now on it does not sleep while it waits: for a generator that has a core of its own.
    pub(crate) fn spin(&mut self) {
        self.spins = true;
    }

    /// How much time it has spent on anything but waiting.
    pub(crate) fn worked(&self) -> Duration {
        self.worked
    }

    /// Writes finished frames to a connection.
    pub(crate) fn send(&mut self, index: usize, frames: &[u8]) -> Outcome<()> {
        let begun = Instant::now();
        self.with_line(index, |line| line.write(frames))?;
        self.worked += begun.elapsed();
        Ok(())
    }

    fn with_line(&mut self, index: usize, act: impl FnOnce(&mut Line) -> std::io::Result<()>) -> Outcome<()> {
        let line = self.lines.get_mut(index).ok_or("there is no such connection")?;
        act(line)?;
        if line.has_unsent() {
            self.stuck.push(index);
        }
        Ok(())
    }
}
