//! What waits to be written to one connection: whole frames, many of them shared with other connections.

use crate::http::listener::Stream;
use bytes::{Buf as _, Bytes};
use std::{
    collections::VecDeque,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::io::AsyncWrite as _;

/// Pieces that one system call writes. The system takes up to 1,024; more than these save nothing that can be measured.
const SLICES_MAX: usize = 64;

/// So many places for frames are kept when nothing waits.
const KEPT_MAX: usize = 4;

/// See above.
#[derive(Default)]
pub(super) struct Out {
    frames: VecDeque<Bytes>,
}

impl Out {
    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    pub(super) fn push(&mut self, frame: Bytes) {
        self.frames.push_back(frame);
    }

    /// Writes all of it. What could not be written yet stays.
    pub(super) fn poll_write(
        &mut self,
        context: &mut Context<'_>,
        stream: &mut Stream,
    ) -> Poll<io::Result<()>> {
        while let Some(first) = self.frames.front() {
            let stream = Pin::new(&mut *stream);
            let wrote = match self.frames.len() {
                // The plain call costs the system less than that for many pieces.
                1 => stream.poll_write(context, first),
                _ => stream.poll_write_vectored(context, self.slices(&mut [IoSlice::new(&[]); SLICES_MAX])),
            };
            let written = ready!(wrote)?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.forget(written);
        }
        if self.frames.capacity() > KEPT_MAX {
            self.frames = VecDeque::new();
        }
        Poll::Ready(Ok(()))
    }

    /// Gives back the places for frames when nothing waits.
    pub(super) fn rest(&mut self) {
        if self.frames.is_empty() {
            self.frames = VecDeque::new();
        }
    }

    /// The first frames, as many as there is room for.
    fn slices<'a, 'b>(&'a self, room: &'b mut [IoSlice<'a>]) -> &'b [IoSlice<'a>] {
        let count = self.frames.len().min(room.len());
        room.iter_mut().zip(&self.frames).for_each(|(slice, frame)| *slice = IoSlice::new(frame));
        room.get(..count).unwrap_or_default()
    }

    fn forget(&mut self, mut written: usize) {
        while let Some(first) = self.frames.front_mut() {
            if written < first.len() {
                first.advance(written);
                return;
            }
            written -= first.len();
            self.frames.pop_front();
        }
    }
}
