//! The answer to a first request that cannot be read. The HTTP library writes it by itself, before any layer of ours is asked,
//! so the headers that every other answer has are added on its way out.

use super::headers;
use crate::app::App;
use axum::http::HeaderMap;
use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};
use tokio::io::AsyncWrite;

/// Where the head of an answer ends.
const HEAD_END: &[u8] = b"\r\n\r\n";
const LINE_END: &[u8] = b"\r\n";

/// How far a connection has come.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// A request was understood.
    asked: AtomicBool,
    under_way: AtomicBool,
}

/// A request under way, until this is dropped.
pub(super) struct UnderWay(Arc<Progress>);

impl Progress {
    /// A request was understood and is handed on.
    pub(super) fn begin(self: &Arc<Self>) -> UnderWay {
        self.asked.store(true, Ordering::Relaxed);
        self.under_way.store(true, Ordering::Relaxed);
        UnderWay(Arc::clone(self))
    }

    /// Whether a request is waiting for its answer.
    pub(super) fn is_under_way(&self) -> bool {
        self.under_way.load(Ordering::Relaxed)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.store(false, Ordering::Relaxed);
    }
}

/// Watches what a connection writes until the first request was understood: nothing but the library's own refusal of it.
pub(super) struct FirstWords {
    app: App,
    progress: Arc<Progress>,
    /// The refusal with our headers, and how much of it was written.
    refusal: Vec<u8>,
    written: usize,
}

impl FirstWords {
    pub(super) fn new(app: App, progress: Arc<Progress>) -> Self {
        Self { app, progress, refusal: Vec::new(), written: 0 }
    }

    /// Writes a refusal in place of `buffer`, which counts as written when all of it was. `None` for everything else, now
    /// and from now on.
    pub(super) fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        stream: &mut (impl AsyncWrite + Unpin),
        buffer: &[u8],
    ) -> Option<Poll<io::Result<usize>>> {
        if self.progress.asked.load(Ordering::Relaxed) {
            return None;
        }
        if self.refusal.is_empty() {
            self.refusal = self.with_headers(buffer.strip_suffix(HEAD_END)?);
        }
        Some(self.poll_write_refusal(cx, stream).map_ok(|()| buffer.len()))
    }

    fn with_headers(&self, head: &[u8]) -> Vec<u8> {
        let mut headers = HeaderMap::new();
        headers::add(&mut headers, &self.app.site, true);
        let lines = headers
            .iter()
            .flat_map(|(name, value)| [LINE_END, name.as_str().as_bytes(), b": ", value.as_bytes()]);
        [head].into_iter().chain(lines).chain([HEAD_END]).collect::<Vec<_>>().concat()
    }

    fn poll_write_refusal(
        &mut self,
        cx: &mut Context<'_>,
        stream: &mut (impl AsyncWrite + Unpin),
    ) -> Poll<io::Result<()>> {
        while let Some(rest) = self.refusal.get(self.written..).filter(|rest| !rest.is_empty()) {
            match ready!(Pin::new(&mut *stream).poll_write(cx, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => self.written += written,
            }
        }
        Poll::Ready(Ok(()))
    }
}
