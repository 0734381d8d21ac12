//! A connection from its hello to its end: one task that writes what is told, reads what is said, and watches the time.

use super::{
    LAST_COMMANDS,
    commands::{self, Answer, Speaker},
    hello::{self, Guest},
    pipeline::Pipeline,
};
use crate::{
    app::App,
    http::auth::Credential,
    wire::{
        Close, End, Heard, PING_INTERVAL, REFUSALS, SILENCE_MAX, Wire, bucket::Bucket, session::SessionWatch,
    },
};
use futures_util::FutureExt;
use realtime::{Delivery, Listener};
use std::{pin::Pin, sync::Arc, time::Duration};
use tokio::time::{Instant, Sleep, sleep_until, timeout};
use tracing::debug;

/// Serves one connection until it ends. `credential` came with the request.
pub(super) async fn serve(mut wire: Wire, app: App, credential: Option<Credential>) {
    // Boxed: the handshake needs much more room than the rest, and an idle connection should not carry it around.
    let end = match Box::pin(hello::greet(&mut wire, &app, credential)).await {
        Ok(guest) => converse(&mut wire, &app, guest).await,
        Err(end) => end,
    };
    if let End::Close(close) = end {
        Box::pin(wire.close(close)).await;
    }
}

async fn converse(wire: &mut Wire, app: &App, guest: Guest) -> End {
    let account = guest.caller.account.id;
    let connection = guest.listener.connection().0;
    debug!(%account, connection, "socket opened");
    let mut conversation = Conversation::new(app, guest);
    let end = loop {
        if let Err(end) = conversation.step(wire).await {
            break end;
        }
    };
    debug!(%account, connection, ?end, "socket ended");
    end
}

/// What is kept of a connection between two steps.
struct Conversation<'a> {
    app: &'a App,
    listener: Listener,
    speaker: Arc<Speaker>,
    pipeline: Pipeline,
    bucket: Bucket,
    refusals: Bucket,
    heard_at: Instant,
    ping_at: Instant,
    session: SessionWatch,
    /// Fires at [`Conversation::wake_at`] or before, and is set anew then: setting it for each frame cost as much as a read.
    alarm: Pin<Box<Sleep>>,
}

impl<'a> Conversation<'a> {
    fn new(app: &'a App, guest: Guest) -> Self {
        let now = Instant::now();
        let session = SessionWatch::new(guest.caller.expires_at, app.clock.now());
        Self {
            app,
            listener: guest.listener,
            speaker: Arc::new(Speaker { chat: app.chat.clone(), caller: guest.caller }),
            pipeline: Pipeline::default(),
            bucket: Bucket::new(app.settings.frames_per_connection, now),
            refusals: Bucket::new(REFUSALS, now),
            heard_at: now,
            ping_at: now + PING_INTERVAL,
            session,
            alarm: Box::pin(sleep_until(now)),
        }
    }

    /// Waits for the next thing to do and does it.
    async fn step(&mut self, wire: &mut Wire) -> Result<(), End> {
        let wake_at = self.wake_at();
        if self.alarm.is_elapsed() || wake_at < self.alarm.deadline() {
            self.alarm.as_mut().reset(wake_at);
        }
        tokio::select! {
            delivery = self.listener.next() => self.deliver(wire, delivery).await,
            answer = self.pipeline.ended(), if !self.pipeline.is_empty() => {
                self.answer(wire, answer);
                wire.flush().await
            }
            heard = wire.next(), if self.pipeline.has_room() => {
                self.heard_at = Instant::now();
                self.hear(wire, heard?).await
            }
            () = self.alarm.as_mut() => Box::pin(self.look_at_the_time(wire)).await,
        }
    }

    async fn deliver(&mut self, wire: &mut Wire, delivery: Delivery) -> Result<(), End> {
        match delivery {
            Delivery::Frames(frames) => {
                wire.feed_told(&frames);
                wire.flush().await
            }
            Delivery::Closed(reason) => {
                let close = Close::from(reason);
                if close == Close::Stopping {
                    Box::pin(self.finish_commands(wire)).await?;
                }
                Err(close.into())
            }
        }
    }

    /// Adds what came of a command to what is written, together with whatever else there is to say by now: a commit often
    /// ends several commands and tells their events, and all of it leaves in one write.
    fn answer(&mut self, wire: &mut Wire, answer: Answer) {
        let mut next = Some(answer);
        while let Some(answer) = next {
            if let Some(answer) = answer {
                wire.feed(&answer);
            }
            next = if self.pipeline.is_empty() { None } else { self.pipeline.ended().now_or_never() };
        }
        // The end, which may come instead of frames, comes again when it is asked for again.
        if let Some(Delivery::Frames(frames)) = self.listener.take_now() {
            wire.feed_told(&frames);
        }
    }

    /// Nothing more is read: what was begun ends and is answered, so that the client knows what it need not send again.
    async fn finish_commands(&mut self, wire: &mut Wire) -> Result<(), End> {
        let deadline = Instant::now() + LAST_COMMANDS;
        while !self.pipeline.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(answer) = timeout(left, self.pipeline.ended()).await else { break };
            self.answer(wire, answer);
            wire.flush().await?;
        }
        Ok(())
    }

    async fn hear(&mut self, wire: &mut Wire, heard: Heard) -> Result<(), End> {
        let over_rate = self.count()?;
        let answer = match (heard, over_rate) {
            (Heard::Sign, _) => None,
            (Heard::Binary, _) => Some(commands::binary_refused()),
            (Heard::Text(text), Some(wait)) => Some(commands::rate_refused(&text, wait)),
            (Heard::Text(text), None) => self.begin(&text).await,
        };
        if let Some(answer) = answer {
            wire.feed(&answer);
        }
        wire.flush().await
    }

    /// Counts a frame. When it is over the rate, gives the time after which the next one is welcome.
    fn count(&mut self) -> Result<Option<Duration>, End> {
        let now = Instant::now();
        let over_rate = self.bucket.take(now).err();
        if over_rate.is_some() && self.refusals.take(now).is_err() {
            return Err(Close::TooMany.into());
        }
        Ok(over_rate)
    }

    /// Begins what a frame asks for. Gives what there is to answer at once.
    async fn begin(&mut self, text: &str) -> Answer {
        match commands::read_command(&self.speaker, text) {
            Ok((order, command)) => self.pipeline.begin(order, command).await,
            Err(refusal) => Some(refusal),
        }
    }

    /// The next moment at which time alone asks for something.
    fn wake_at(&self) -> Instant {
        self.ping_at.min(self.heard_at + SILENCE_MAX).min(self.session.look_at())
    }

    async fn look_at_the_time(&mut self, wire: &mut Wire) -> Result<(), End> {
        let now = Instant::now();
        if !self.pipeline.has_room() {
            // We are the ones who do not listen at the moment.
            self.heard_at = now;
        }
        if now >= self.session.look_at() {
            self.session.look(self.app, &self.speaker.caller).await?;
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
