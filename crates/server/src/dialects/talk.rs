//! A WebSocket of text frames, as four of the dialects have one: one task for each connection that hears, answers and
//! tells, within the same bounds as Parlor's own socket. A dialect brings the words, as a [`Tongue`].

use super::entrance::{Entrance, Speaker};
use crate::{
    app::App,
    dialects::detail::Answer,
    wire::{
        self, Close, End, PING_INTERVAL, REFUSALS, SILENCE_MAX, Upgrade, Wire,
        bucket::{self, Bucket},
        session::SessionWatch,
    },
};
use axum::response::Response;
use chat::{
    Error,
    ears::{Ears, Heard},
};
use protocol::{Dialect, ErrorCode};
use realtime::Delivery;
use std::future::Future;
use tokio::time::{Instant, sleep_until};

/// How one dialect speaks on a connection.
pub(super) trait Tongue: Send + 'static {
    /// The frames that a client gets when it has connected.
    fn greet(&mut self) -> impl Future<Output = Vec<String>> + Send;

    /// Does what a text frame asks for. What comes back goes to this client alone; what the frame changed is heard by
    /// everyone through [`Tongue::tell`], this client included. A frame that makes no sense is answered or ignored as the
    /// clients of the dialect expect; it never ends the connection.
    fn hear(&mut self, text: &str) -> impl Future<Output = Vec<String>> + Send;

    /// The frames by which this client is told of something that happened.
    fn tell(&mut self, heard: Heard) -> impl Future<Output = Vec<String>> + Send;

    /// Waits for something that concerns this dialect alone, and tells it. Cancel safe. Most have nothing to wait for.
    fn wait(&mut self) -> impl Future<Output = Vec<String>> + Send {
        std::future::pending()
    }

    /// How this dialect says that something was refused; nothing, where it has no words for it.
    fn refuse(&mut self, error: &Error) -> Vec<String>;

    /// Why there is nothing more to say to this client, once that is so: what was told last is still written.
    fn over(&self) -> Option<Close> {
        None
    }
}

/// Opens a connection on which `make` speaks. Refuses while there is no place and who may not come in.
pub(super) async fn open<T, F, M>(
    app: App,
    entrance: Entrance,
    dialect: Dialect,
    upgrade: Upgrade,
    make: M,
) -> Answer<Response>
where
    T: Tongue,
    F: Future<Output = Answer<(T, Ears)>> + Send,
    M: FnOnce(Speaker) -> F,
{
    let place = wire::place(&app, entrance.address)?;
    let speaker = entrance.speaker(&app, dialect)?;
    let (tongue, ears) = make(speaker).await?;
    let session = ears.listener().cloned();
    Ok(upgrade.on_upgrade(move |mut wire| async move {
        let mut talk = Talk::new(&app, tongue, ears, session);
        let end = talk.run(&mut wire).await;
        drop(talk);
        if let End::Close(close) = end {
            Box::pin(wire.close(close)).await;
        }
        drop(place);
    }))
}

struct Talk<'a, T> {
    app: &'a App,
    tongue: T,
    ears: Ears,
    bucket: Bucket,
    refusals: Bucket,
    heard_at: Instant,
    ping_at: Instant,
    /// Of whoever listens, a guest who said who it is included.
    session: Option<(chat::Caller, SessionWatch)>,
}

impl<'a, T: Tongue> Talk<'a, T> {
    fn new(app: &'a App, tongue: T, ears: Ears, caller: Option<chat::Caller>) -> Self {
        let now = Instant::now();
        let watch = |caller: chat::Caller| {
            let watch = SessionWatch::new(caller.expires_at, app.clock.now());
            (caller, watch)
        };
        Self {
            app,
            tongue,
            ears,
            bucket: Bucket::new(app.settings.frames_per_connection, now),
            refusals: Bucket::new(REFUSALS, now),
            heard_at: now,
            ping_at: now + PING_INTERVAL,
            session: caller.map(watch),
        }
    }

    async fn run(&mut self, wire: &mut Wire) -> End {
        let greeting = self.tongue.greet().await;
        let mut done = say(wire, greeting).await;
        while done.is_ok() {
            done = self.step(wire).await;
        }
        done.err().unwrap_or(End::Gone)
    }

    async fn step(&mut self, wire: &mut Wire) -> Result<(), End> {
        let wake_at = self.wake_at();
        tokio::select! {
            delivery = self.ears.wait() => self.deliver(wire, delivery).await,
            heard = wire.next() => {
                self.heard_at = Instant::now();
                self.hear(wire, heard?).await
            }
            frames = self.tongue.wait() => say(wire, frames).await,
            () = sleep_until(wake_at) => self.look_at_the_time(wire).await,
        }
    }

    async fn deliver(&mut self, wire: &mut Wire, delivery: Delivery) -> Result<(), End> {
        let heard = self.ears.understand(delivery).await.map_err(Close::from)?;
        let mut frames = Vec::new();
        for heard in heard {
            frames.extend(self.tongue.tell(heard).await);
        }
        say(wire, frames).await?;
        self.tongue.over().map_or(Ok(()), |close| Err(close.into()))
    }

    async fn hear(&mut self, wire: &mut Wire, heard: wire::Heard) -> Result<(), End> {
        let now = Instant::now();
        let over_rate = self.bucket.take(now).err();
        if over_rate.is_some() && self.refusals.take(now).is_err() {
            return Err(Close::TooMany.into());
        }
        let answers = match (heard, over_rate) {
            (wire::Heard::Sign, _) => return Ok(()),
            (_, Some(wait)) => self.tongue.refuse(&bucket::over_rate(wait)),
            (wire::Heard::Binary, None) => {
                let why = "Frames are texts here.";
                self.tongue.refuse(&Error::new(ErrorCode::InvalidRequest).because(why))
            }
            (wire::Heard::Text(text), None) => self.tongue.hear(&text).await,
        };
        // While a frame was worked on, we were the ones who did not listen.
        self.heard_at = Instant::now();
        say(wire, answers).await
    }

    fn wake_at(&self) -> Instant {
        let wake_at = self.ping_at.min(self.heard_at + SILENCE_MAX);
        self.session.as_ref().map_or(wake_at, |(_, session)| wake_at.min(session.look_at()))
    }

    async fn look_at_the_time(&mut self, wire: &mut Wire) -> Result<(), End> {
        let now = Instant::now();
        if let Some((caller, session)) = &mut self.session
            && now >= session.look_at()
        {
            session.look(self.app, caller).await?;
        }
        if now.duration_since(self.heard_at) >= SILENCE_MAX {
            return Err(Close::TooSlow.into());
        }
        if now >= self.ping_at {
            self.ping_at = now + PING_INTERVAL;
            wire.ping().await?;
        }
        Ok(())
    }
}

/// Writes frames, all of them at once.
async fn say(wire: &mut Wire, frames: Vec<String>) -> Result<(), End> {
    if frames.is_empty() {
        return Ok(());
    }
    for frame in frames {
        wire.feed_text(&frame);
    }
    wire.flush().await
}
