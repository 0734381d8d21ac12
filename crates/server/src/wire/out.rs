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
        while !self.frames.is_empty() {
            let mut slices = [IoSlice::new(&[]); SLICES_MAX];
            let mut count = 0;
            for (slice, frame) in slices.iter_mut().zip(&self.frames) {
                *slice = IoSlice::new(frame);
                count += 1;
            }
            let slices = slices.get(..count).unwrap_or_default();
            let written = ready!(Pin::new(&mut *stream).poll_write_vectored(context, slices))?;
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
