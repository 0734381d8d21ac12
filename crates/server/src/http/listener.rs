//! Connections: accepted while there is a place, served until they end, asked to end when Parlor stops.

use super::{
    arriving::Arriving,
    first_words::{FirstWords, Progress},
    limits::Place,
};
use crate::app::App;
use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    convert::Infallible,
    future::Future as _,
    io::{self, IoSlice},
    mem::MaybeUninit,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    time::{Sleep, sleep, timeout},
};
use tower::ServiceExt as _;
use tracing::{debug, warn};

/// How long to wait when the system has no file descriptor left: connections end meanwhile, and asking again at once would
/// only turn in a circle.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How long a connection without a request under way is waited for when Parlor stops: the head of one began and may never
/// end, or the last answer is still being taken.
const LAST_BYTES: Duration = Duration::from_secs(1);

/// How long what still comes is read and thrown away after the last word. Hanging up on who sends more than we take would
/// throw away our last word at their side, which says why.
const LAST_READ: Duration = Duration::from_secs(1);

/// What one read of it asks the system for.
const LAST_READ_LEN: usize = 4096;

/// The address at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Accepts connections until Parlor stops.
pub(crate) async fn accept(listener: TcpListener, app: App, router: Router) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = app.stopping.begun() => return,
        };
        match accepted {
            Ok((tcp, peer)) => admit(tcp, peer, &app, &router),
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) => {
                warn!(%error, "cannot accept connections");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind as E;
    matches!(error.kind(), E::ConnectionAborted | E::ConnectionReset | E::ConnectionRefused)
}

fn admit(tcp: TcpStream, peer: SocketAddr, app: &App, router: &Router) {
    let address = peer.ip().to_canonical();
    let counted = (!app.settings.trusted_proxies.contains(address)).then_some(address);
    let Some(place) = app.places.take(counted) else {
        // Closed without a word: whoever holds all these places does not read answers, and the other end tries again.
        debug!("no place for another connection");
        return;
    };
    // Small frames go out at once instead of waiting for the other end to confirm the last one.
    if let Err(error) = tcp.set_nodelay(true) {
        debug!(%error, "cannot set TCP_NODELAY");
    }
    let (stream, progress) = stream(Transport::Tcp(tcp), app, place);
    tokio::spawn(serve(stream, progress, Peer(address), app.clone(), router.clone()));
}

fn stream(transport: Transport, app: &App, place: Place) -> (Stream, Arc<Progress>) {
    let progress = Arc::new(Progress::default());
    let write_timeout = Duration::from_millis(app.settings.write_timeout_ms);
    let first_words = Some(Box::new(FirstWords::new(app.clone(), Arc::clone(&progress))));
    (Stream { transport, stalled: None, write_timeout, first_words, leaving: None, _place: place }, progress)
}

async fn serve(stream: Stream, progress: Arc<Progress>, peer: Peer, app: App, router: Router) {
    let settings = &app.settings;
    let service = hyper::service::service_fn(|request: hyper::Request<Incoming>| {
        let (app, router, under_way) = (app.clone(), router.clone(), progress.begin());
        async move {
            let mut request: Request = request.map(|body| Body::new(Arriving::new(body, app)));
            request.extensions_mut().insert(peer);
            let answer = router.oneshot(request).await.map_err(|never: Infallible| match never {});
            drop(under_way);
            answer
        }
    });
    let mut connection = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(Duration::from_millis(settings.header_timeout_ms))
            .max_buf_size(settings.header_bytes_max)
            .max_headers(settings.headers_max)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades()
    );
    let ended = tokio::select! {
        biased;
        ended = connection.as_mut() => ended,
        () = app.stopping.begun() => {
            // Ends at once between two requests, or after the one under way.
            connection.as_mut().graceful_shutdown();
            match progress.is_under_way() {
                true => connection.await,
                false => timeout(LAST_BYTES, connection).await.unwrap_or(Ok(())),
            }
        }
    };
    if let Err(error) = ended {
        debug!(%error, "connection ended");
    }
}

/// What bytes travel on.
enum Transport {
    Tcp(TcpStream),
    /// Both ends in this process.
    #[cfg(feature = "simulation")]
    Memory(tokio::io::DuplexStream),
}

/// Does the same on each.
macro_rules! on {
    ($transport:expr, $stream:ident => $does:expr) => {
        match $transport {
            Transport::Tcp($stream) => $does,
            #[cfg(feature = "simulation")]
            Transport::Memory($stream) => $does,
        }
    };
}

/// Serves connections of the simulation until Parlor stops.
#[cfg(feature = "simulation")]
pub(crate) async fn accept_simulated(
    mut connections: tokio::sync::mpsc::Receiver<tokio::io::DuplexStream>,
    app: App,
    router: Router,
) {
    let peer = Peer(std::net::Ipv4Addr::LOCALHOST.into());
    loop {
        let connection = tokio::select! {
            biased;
            () = app.stopping.begun() => return,
            connection = connections.recv() => connection,
        };
        let Some(connection) = connection else { return };
        if let Some(place) = app.places.take(Some(peer.0)) {
            let (stream, progress) = stream(Transport::Memory(connection), &app, place);
            tokio::spawn(serve(stream, progress, peer, app.clone(), router.clone()));
        }
    }
}

/// A connection that keeps its place as long as it is open, after an upgrade to a socket too, and fails when the other end
/// takes nothing for too long: whoever does not read must not hold a place for ever.
pub struct Stream {
    transport: Transport,
    stalled: Option<Pin<Box<Sleep>>>,
    write_timeout: Duration,
    /// Until the first request was understood. Boxed, so that a long connection keeps no room for it.
    first_words: Option<Box<FirstWords>>,
    /// Until when the other end is still listened to, once we said the last word.
    leaving: Option<Pin<Box<Sleep>>>,
    _place: Place,
}

impl Stream {
    /// What is written before any request was understood. `None` where it is to be written as it is.
    fn poll_first_words(&mut self, cx: &mut Context<'_>, buffer: &[u8]) -> Option<Poll<io::Result<usize>>> {
        let first_words = self.first_words.as_mut()?;
        let wrote = on!(&mut self.transport, stream => first_words.poll_write(cx, stream, buffer));
        if wrote.is_none() {
            self.first_words = None;
        }
        wrote
    }

    /// Reads what still comes, until the other end has no more to say or too much.
    fn poll_last_read(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut lent = [MaybeUninit::uninit(); LAST_READ_LEN];
        loop {
            let mut buffer = ReadBuf::uninit(&mut lent);
            match on!(&mut self.transport, stream => Pin::new(stream).poll_read(cx, &mut buffer)) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {}
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => break,
            }
        }
        self.leaving.as_mut().map_or(Poll::Ready(()), |until| until.as_mut().poll(cx))
    }

    fn written(&mut self, cx: &mut Context<'_>, wrote: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if wrote.is_ready() {
            self.stalled = None;
            return wrote;
        }
        let timeout = self.write_timeout;
        ready!(self.stalled.get_or_insert_with(|| Box::pin(sleep(timeout))).as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        on!(&mut self.transport, stream => Pin::new(stream).poll_read(cx, buffer))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &[u8]) -> Poll<io::Result<usize>> {
        let wrote = self.poll_first_words(cx, buffer);
        let wrote = wrote
            .unwrap_or_else(|| on!(&mut self.transport, stream => Pin::new(stream).poll_write(cx, buffer)));
        self.written(cx, wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // The head of an answer is in one piece.
        let first = buffers.iter().find(|buffer| !buffer.is_empty()).map_or(&[][..], |buffer| buffer);
        let wrote = self.poll_first_words(cx, first);
        let wrote = wrote.unwrap_or_else(
            || on!(&mut self.transport, stream => Pin::new(stream).poll_write_vectored(cx, buffers)),
        );
        self.written(cx, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        on!(&self.transport, stream => stream.is_write_vectored())
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        on!(&mut self.transport, stream => Pin::new(stream).poll_flush(cx))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.leaving.is_none() {
            ready!(on!(&mut self.transport, stream => Pin::new(stream).poll_shutdown(cx)))?;
            self.leaving = Some(Box::pin(sleep(LAST_READ)));
        }
        self.poll_last_read(cx).map(Ok)
    }
}
