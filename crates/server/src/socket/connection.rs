//! A connection from its hello to its end: one task that writes what is told, reads what is said, and watches the time.

use super::{
    LAST_COMMANDS,
    commands::{self, Answer, Speaker},
    hello::{self, Guest},
    pipeline::Pipeline,
};
use crate::{
    app::App,
    http::{auth::Credential, limits::Place},
    wire::{
        Close, End, Heard, PING_INTERVAL, REFUSALS, SILENCE_MAX, Wire, bucket::Bucket, session::SessionWatch,
    },
};
use realtime::{CloseReason, Delivery, Listener};
use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep_until, timeout};
use tracing::debug;

/// Serves one connection until it ends. `credential` came with the request; the `place` is kept as long as the connection.
///
/// What this gives is what ten thousand idle connections hold ten thousand times: a task of 640 bytes, where it was 2,176 when
/// whatever any of them needs at times had its room in it. So all that is not the waiting itself is boxed, the beginning
/// before it is given away too: what an `async` block is given stays in it to the end.
pub(super) fn serve(
    wire: Wire,
    app: App,
    credential: Option<Credential>,
    place: Option<Place>,
) -> impl Future<Output = ()> + Send {
    let beginning = Box::pin(begin(wire, app, credential, place));
    async move {
        // Lent to what follows and not moved out: each move would be a place of its own.
        let mut begun = beginning.await;
        if let Some(conversation) = &mut begun {
            let end = conversation.go_on().await;
            Box::pin(finish(begun, end)).await;
        }
    }
}

async fn begin(
    mut wire: Wire,
    app: App,
    credential: Option<Credential>,
    place: Option<Place>,
) -> Option<Conversation> {
    match hello::greet(&mut wire, &app, credential).await {
        Ok(guest) => {
            let connection = guest.listener.connection().0;
            debug!(account = %guest.caller.account.id, connection, "socket opened");
            wire.rest();
            Some(Conversation::new(app, guest, wire, place))
        }
        Err(End::Close(close)) => {
            wire.close(close).await;
            None
        }
        Err(End::Gone) => None,
    }
}

async fn finish(ended: Option<Conversation>, end: End) {
    let Some(Conversation { wire, listener, pipeline, speaker, _place, .. }) = ended else { return };
    debug!(account = %speaker.caller.account.id, connection = listener.connection().0, ?end, "socket ended");
    // Nothing is told to it any more, and nothing that it began is waited for, while it is said why.
    drop((listener, pipeline, speaker));
    if let End::Close(close) = end {
        wire.close(close).await;
    }
}

/// What a connection is between its hello and its end.
struct Conversation {
    wire: Wire,
    listener: Listener,
    speaker: Arc<Speaker>,
    pipeline: Pipeline,
    bucket: Bucket,
    /// Made when there is the first to count.
    refusals: Option<Box<Bucket>>,
    heard_at: Instant,
    ping_at: Instant,
    session: SessionWatch,
    /// Fires at [`Conversation::wake_at`] or before, and is set anew then: setting it for each frame cost as much as a read.
    alarm: Pin<Box<Sleep>>,
    /// What is looked at first the next time.
    turn: u8,
    _place: Option<Box<Place>>,
}

/// What is looked at in turn, so that whatever there is much of keeps nothing else waiting.
const SOURCES: u8 = 4;

/// What cannot be done at once.
enum Due {
    Time,
    End(CloseReason),
}

impl Conversation {
    fn new(app: App, guest: Guest, wire: Wire, place: Option<Place>) -> Self {
        let now = Instant::now();
        let session = SessionWatch::new(guest.caller.expires_at, app.clock.now());
        Self {
            wire,
            listener: guest.listener,
            bucket: Bucket::new(app.settings.frames_per_connection, now),
            speaker: Arc::new(Speaker { app, caller: guest.caller }),
            pipeline: Pipeline::default(),
            refusals: None,
            heard_at: now,
            ping_at: now + PING_INTERVAL,
            session,
            alarm: Box::pin(sleep_until(now)),
            turn: 0,
            _place: place.map(Box::new),
        }
    }

    /// Goes on until there is an end.
    async fn go_on(&mut self) -> End {
        loop {
            let due = poll_fn(|context| self.poll_due(context)).await;
            let done = match due {
                Ok(Due::Time) => Box::pin(self.look_at_the_time()).await,
                Ok(Due::End(reason)) => Box::pin(self.come_to_an_end(reason)).await,
                Err(end) => Err(end),
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    /// Writes what there is to write, and does what there is to do, until something is due for which others are waited for.
    fn poll_due(&mut self, context: &mut Context<'_>) -> Poll<Result<Due, End>> {
        loop {
            ready!(self.wire.poll_flush(context))?;
            let wake_at = self.wake_at();
            if self.alarm.is_elapsed() || wake_at < self.alarm.deadline() {
                self.alarm.as_mut().reset(wake_at);
            }
            if let Some(due) = ready!(self.poll_sources(context))? {
                return Poll::Ready(Ok(due));
            }
        }
    }

    /// Does what there is to do at the first source that has something.
    fn poll_sources(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Due>, End>> {
        self.turn = self.turn.wrapping_add(1);
        for source in 0..SOURCES {
            let polled = match self.turn.wrapping_add(source) % SOURCES {
                0 => self.listener.poll_next(context).map(|delivery| Ok(self.deliver(delivery))),
                1 => self.poll_answers(context).map(|()| Ok(None)),
                2 => self.poll_hear(context).map(|heard| heard.map(|()| None)),
                _ => self.alarm.as_mut().poll(context).map(|()| Ok(Some(Due::Time))),
            };
            if polled.is_ready() {
                return polled;
            }
        }
        Poll::Pending
    }

    fn deliver(&mut self, delivery: Delivery) -> Option<Due> {
        match delivery {
            Delivery::Frames(frames) => {
                self.wire.feed_told(&frames);
                None
            }
            Delivery::Closed(reason) => Some(Due::End(reason)),
        }
    }

    /// Adds what came of a command to what is written, together with whatever else there is to say by now: a commit often
    /// ends several commands and tells their events, and all of it leaves in one write.
    fn poll_answers(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut next = Poll::Ready(ready!(self.pipeline.poll_ended(context)));
        while let Poll::Ready(answer) = next {
            if let Some(answer) = answer {
                self.wire.feed(&answer);
            }
            next = self.pipeline.poll_ended(context);
        }
        // The end, which may come instead of frames, comes again when it is asked for again.
        if let Some(Delivery::Frames(frames)) = self.listener.take_now() {
            self.wire.feed_told(&frames);
        }
        Poll::Ready(())
    }

    /// Hears the next frame, while there is room for a command.
    fn poll_hear(&mut self, context: &mut Context<'_>) -> Poll<Result<(), End>> {
        if !self.pipeline.has_room() {
            return Poll::Pending;
        }
        let heard = ready!(self.wire.poll_next(context));
        self.heard_at = Instant::now();
        Poll::Ready(heard.and_then(|heard| self.hear(context, heard)))
    }

    fn hear(&mut self, context: &mut Context<'_>, heard: Heard) -> Result<(), End> {
        let over_rate = self.count()?;
        let answer = match (heard, over_rate) {
            (Heard::Sign, _) => None,
            (Heard::Binary, _) => Some(commands::binary_refused()),
            (Heard::Text(text), Some(wait)) => Some(commands::rate_refused(&text, wait)),
            (Heard::Text(text), None) => self.begin(context, &text),
        };
        if let Some(answer) = answer {
            self.wire.feed(&answer);
        }
        Ok(())
    }

    /// Counts a frame. When it is over the rate, gives the time after which the next one is welcome.
    fn count(&mut self) -> Result<Option<Duration>, End> {
        let now = Instant::now();
        let over_rate = self.bucket.take(now).err();
        if over_rate.is_some() {
            let refusals = self.refusals.get_or_insert_with(|| Box::new(Bucket::new(REFUSALS, now)));
            refusals.take(now).map_err(|_| Close::TooMany)?;
        }
        Ok(over_rate)
    }

    /// Begins what a frame asks for. Gives what there is to answer at once.
    fn begin(&mut self, context: &mut Context<'_>, text: &str) -> Answer {
        match commands::read_command(&self.speaker, text) {
            Ok((order, command)) => self.pipeline.begin(context, order, command),
            Err(refusal) => Some(refusal),
        }
    }

    async fn come_to_an_end(&mut self, reason: CloseReason) -> Result<(), End> {
        let close = Close::from(reason);
        if close == Close::Stopping {
            self.finish_commands().await?;
        }
        Err(close.into())
    }

    /// Nothing more is read: what was begun ends and is answered, so that the client knows what it need not send again.
    async fn finish_commands(&mut self) -> Result<(), End> {
        let deadline = Instant::now() + LAST_COMMANDS;
        while !self.pipeline.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(()) = timeout(left, poll_fn(|context| self.poll_answers(context))).await else { break };
            self.wire.flush().await?;
        }
        Ok(())
    }

    /// The next moment at which time alone asks for something.
    fn wake_at(&self) -> Instant {
        self.ping_at.min(self.heard_at + SILENCE_MAX).min(self.session.look_at())
    }

    async fn look_at_the_time(&mut self) -> Result<(), End> {
        let now = Instant::now();
        if !self.pipeline.has_room() {
            // We are the ones who do not listen at the moment.
            self.heard_at = now;
        }
        if now >= self.session.look_at() {
            self.session.look(&self.speaker.app, &self.speaker.caller).await?;
        }
        if now.duration_since(self.heard_at) >= SILENCE_MAX {
            return Err(Close::TooSlow.into());
        }
        if now >= self.ping_at {
            self.ping_at = now + PING_INTERVAL;
            self.wire.ping().await?;
            // Whoever has said and heard something since the last time will get this back soon.
            self.pipeline.rest();
            self.wire.rest();
        }
        Ok(())
    }
}
