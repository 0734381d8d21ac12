//! The body of a request while it arrives.

use crate::app::App;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use std::{
    error::Error,
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::sleep;

/// Once Parlor stops, the next piece of a body is waited for so long: it is under way, or it never comes.
const LAST_PIECES: Duration = Duration::from_secs(1);

/// A body that is not waited for when Parlor stops.
pub(super) struct Arriving {
    body: Incoming,
    app: App,
    /// Made when there is something to wait for.
    stopped: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Arriving {
    pub(super) fn new(body: Incoming, app: App) -> Self {
        Self { body, app, stopped: None }
    }
}

async fn too_late(app: App) {
    app.stopping.begun().await;
    sleep(LAST_PIECES).await;
}

impl Body for Arriving {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            self.stopped = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let this = &mut *self;
        let stopped = this.stopped.get_or_insert_with(|| Box::pin(too_late(this.app.clone())));
        ready!(stopped.as_mut().poll(cx));
        Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::TimedOut).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
