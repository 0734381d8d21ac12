//! A session from its first packet to its end: one task that answers what is said, tells what happened, and watches the
//! time, within the same bounds as Parlor's own socket.

use super::{
    desk::{Desk, Seat},
    pairs::Pairs,
    words::{PageViews, Refused},
};
use crate::{
    app::App,
    dialects::entrance::{Entrance, Speaker},
    dialects::socket_io::{self, Heard, Listed, Packet, Revision, Session},
    random,
    wire::{
        Close, End, PING_INTERVAL, REFUSALS, SILENCE_MAX,
        bucket::{self, Bucket},
        session::SessionWatch,
    },
};
use chat::{Caller, Error, Rate, ears::Ears, page_views};
use protocol::{Dialect, ErrorCode, Seq};
use realtime::Delivery;
use serde_json::Value;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, sleep, sleep_until, timeout},
};
use tracing::debug;

/// Clients that ask to be connected ask at once: who does not should hold no place.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// Invitations of one connection: they open a window on somebody else's page.
const INVITATIONS: Rate = Rate::new(1, 1, 10);

/// Packets that a client may send before it asks to be connected.
const PACKETS_BEFORE_MAX: usize = 10;

/// How long the last words may wait for a client to fetch them, and how long when the server stops.
const GOODBYE: Duration = Duration::from_secs(10);
const GOODBYE_STOPPING: Duration = Duration::from_secs(2);

/// Serves a session until it ends. `entrance` is what its first request brought along.
pub(super) async fn serve(app: App, desk: Arc<Desk>, listed: Listed, entrance: Result<Entrance, Error>) {
    let session = Arc::clone(&listed.session);
    let end = match Box::pin(connect(&app, &desk, &session, entrance)).await {
        Ok(mut talk) => talk.run().await,
        Err(end) => end,
    };
    debug!(?end, "Socket.IO session ended");
    if end == Close::SessionEnded.into() {
        session.say(socket_io::sent_away());
    }
    session.end(end);
    // In time or not, nothing follows.
    let _ = timeout(GOODBYE, async {
        tokio::select! {
            () = session.end_told() => {}
            () = stopped(&app) => {}
        }
    })
    .await;
}

/// Waits until the server stops, and until whoever still listens had the time to hear of it.
async fn stopped(app: &App) {
    app.stopping.begun().await;
    sleep(GOODBYE_STOPPING).await;
}

/// Waits until the client asks to be connected, where it has to, and lets it in or tells it why not.
async fn connect(
    app: &App,
    desk: &Arc<Desk>,
    session: &Arc<Session>,
    entrance: Result<Entrance, Error>,
) -> Result<Talk, End> {
    let auth = match session.revision {
        Revision::Three => Value::Null,
        Revision::Four => tokio::select! {
            asked = timeout(CONNECT_WITHIN, asks_to_connect(session)) => {
                asked.unwrap_or(Err(Close::NotAuthenticated.into()))?
            }
            () = app.stopping.begun() => return Err(Close::Stopping.into()),
        },
    };
    match Talk::begin(app, desk, session, entrance, &auth).await {
        Ok(talk) => Ok(talk),
        Err(error) => {
            let refused = Refused::from(&error);
            session.say(socket_io::refused(session.revision, "", error.code.meaning(), &refused));
            // Older clients take the end that follows for a lost connection and come back for ever, unless they are told.
            if session.revision == Revision::Three {
                session.say(socket_io::sent_away());
            }
            Err(Close::of_refusal(error.code).into())
        }
    }
}

async fn asks_to_connect(session: &Session) -> Result<Value, End> {
    for _ in 0..PACKETS_BEFORE_MAX {
        match session.heard().await? {
            Heard::Ping(text) => session.say(socket_io::pong(&text)),
            Heard::Sign => {}
            Heard::Packet(packet) => match Packet::parse(&packet) {
                Ok(Packet::Connect { auth }) => return Ok(auth),
                Ok(Packet::Elsewhere { namespace }) => elsewhere(session, &namespace),
                Ok(Packet::Disconnect) => return Err(Close::Done.into()),
                // Nobody is there yet who could mean anything.
                _ => return Err(Close::NotAuthenticated.into()),
            },
            Heard::Binary | Heard::TooLong => return Err(Close::NotAuthenticated.into()),
        }
    }
    Err(Close::TooMany.into())
}

fn elsewhere(session: &Session, namespace: &str) {
    session.say(socket_io::refused(session.revision, namespace, "Invalid namespace", &()));
}

/// What is kept of a session between two steps.
pub(super) struct Talk {
    pub(super) app: App,
    pub(super) desk: Arc<Desk>,
    pub(super) session: Arc<Session>,
    pub(super) speaker: Speaker,
    pub(super) pairs: Pairs,
    /// The newest message of General that was told.
    pub(super) told_seq: Seq,
    /// When the speaker's presence was last told.
    pub(super) online_told_at: Option<Instant>,
    pub(super) invitations: Bucket,
    /// The speaker was told that a name is not theirs.
    pub(super) name_refused: bool,
    ears: Ears,
    views: watch::Receiver<i64>,
    bucket: Bucket,
    refusals: Bucket,
    ping_at: Instant,
    watch: Option<(Caller, SessionWatch)>,
    /// Who is being connected has none yet: nothing is mentioned before the history.
    seat: Option<Seat>,
}

impl Talk {
    async fn begin(
        app: &App,
        desk: &Arc<Desk>,
        session: &Arc<Session>,
        entrance: Result<Entrance, Error>,
        auth: &Value,
    ) -> Result<Self, Error> {
        let entrance = match auth.get("token").and_then(Value::as_str) {
            Some(token) => entrance?.with_token(app, token).await?,
            None => entrance?,
        };
        let speaker = entrance.speaker(app, Dialect::FlaskChat).map_err(|_| {
            let why = "Sign in first: this server lets no guests in.";
            Error::new(ErrorCode::Unauthenticated).because(why)
        })?;
        let ears = speaker.ears().await?;
        let account = speaker.account().map(|caller| caller.account.id);
        let id = random::id()?;
        let now = Instant::now();
        let mut talk = Self {
            app: app.clone(),
            desk: Arc::clone(desk),
            session: Arc::clone(session),
            pairs: Pairs::default(),
            told_seq: 0,
            online_told_at: None,
            name_refused: false,
            invitations: Bucket::new(INVITATIONS, now),
            ears,
            views: page_views::watch(&app.chat),
            bucket: Bucket::new(app.settings.frames_per_connection, now),
            refusals: Bucket::new(REFUSALS, now),
            ping_at: now + PING_INTERVAL,
            watch: watch_of(app, &speaker),
            seat: None,
            speaker,
        };
        let history = talk.history().await?;
        session.say(socket_io::connected(session.revision, &id));
        session.say(history);
        talk.tell_views();
        talk.seat = Some(desk.seat(account, session));
        Ok(talk)
    }

    async fn run(&mut self) -> End {
        loop {
            if let Err(end) = self.step().await {
                return end;
            }
        }
    }

    /// Waits for the next thing to do and does it. While much waits to be sent, nothing is done that would add to it.
    async fn step(&mut self) -> Result<(), End> {
        let has_room = self.session.has_room();
        let wake_at = self.wake_at();
        tokio::select! {
            delivery = self.ears.wait(), if has_room => self.deliver(delivery).await,
            heard = self.session.heard(), if has_room => self.hear(heard?).await,
            Ok(()) = self.views.changed(), if has_room => {
                self.tell_views();
                Ok(())
            }
            () = self.session.room(), if !has_room => Ok(()),
            () = self.app.stopping.begun(), if !has_room => Err(Close::Stopping.into()),
            () = sleep_until(wake_at) => self.look_at_the_time().await,
        }
    }

    async fn deliver(&mut self, delivery: Delivery) -> Result<(), End> {
        for heard in self.ears.understand(delivery).await.map_err(Close::from)? {
            self.tell(&heard);
        }
        Ok(())
    }

    fn tell_views(&mut self) {
        let count = *self.views.borrow_and_update();
        self.session.say(socket_io::event("page_views", &PageViews { count }));
    }

    async fn hear(&mut self, heard: Heard) -> Result<(), End> {
        let now = Instant::now();
        let over_rate = self.bucket.take(now).err();
        if over_rate.is_some() && self.refusals.take(now).is_err() {
            return Err(Close::TooMany.into());
        }
        let packet = match heard {
            Heard::Ping(text) => {
                self.session.say(socket_io::pong(&text));
                return Ok(());
            }
            // Bytes belong to an event that was refused already.
            Heard::Binary | Heard::Sign => return Ok(()),
            // By WebSocket nothing so long comes in at all; a body that was posted may be longer than a packet.
            Heard::TooLong => {
                self.refuse(&ErrorCode::TooLarge.into());
                return Ok(());
            }
            Heard::Packet(packet) => packet,
        };
        match Packet::parse(&packet) {
            Ok(Packet::Event(event)) => {
                let answer_to = event.answer_to;
                let happened = match over_rate {
                    Some(wait) => Err(bucket::over_rate(wait)),
                    None => self.happen(event).await,
                };
                if let Err(error) = happened {
                    self.refuse(&error);
                }
                self.answer(answer_to);
            }
            Ok(Packet::Elsewhere { namespace }) => elsewhere(&self.session, &namespace),
            Ok(Packet::Disconnect) => return Err(Close::Done.into()),
            Ok(Packet::Connect { .. } | Packet::Meaningless) => {}
            Err(unreadable) => {
                let code =
                    if unreadable.not_json { ErrorCode::MalformedJson } else { ErrorCode::InvalidRequest };
                self.refuse(&Error::new(code).because("This is no packet of Socket.IO."));
                self.answer(unreadable.answer_to);
            }
        }
        Ok(())
    }

    /// The app's own server answers without arguments, whatever came of it.
    fn answer(&self, number: Option<u64>) {
        if let Some(number) = number {
            self.session.say(socket_io::answer(number));
        }
    }

    fn refuse(&self, error: &Error) {
        self.session.say(socket_io::event("error_message", &Refused::from(error)));
    }

    /// Becomes the guest of this name, where nobody is signed in: from now on this is who hears and is heard.
    pub(super) async fn become_known(&mut self, name: &str) -> Result<Caller, Error> {
        if let Some(caller) = self.speaker.account() {
            return Ok(caller.clone());
        }
        // Nobody speaks here who could not hear as well.
        let mut speaker = self.speaker.clone();
        let caller = speaker.settle(name).await?;
        let ears = speaker.ears().await?;
        self.speaker = speaker;
        let mut before = std::mem::replace(&mut self.ears, ears);
        self.seat = Some(self.desk.seat(Some(caller.account.id), &self.session));
        self.watch = watch_of(&self.app, &self.speaker);
        // What came in while both listened is told once: by what the old ears still hold, or by the new ones.
        while let Ok(delivery) = timeout(Duration::ZERO, before.wait()).await
            && let Ok(heard) = before.understand(delivery).await
        {
            heard.iter().for_each(|heard| self.tell(heard));
        }
        Ok(caller)
    }

    /// The next moment at which time alone asks for something.
    fn wake_at(&self) -> Instant {
        let wake_at = self.ping_at.min(self.patient_until());
        self.watch.as_ref().map_or(wake_at, |(_, watch)| wake_at.min(watch.look_at()))
    }

    /// How long the other end may stay silent, or leave what waits for it where it is.
    fn patient_until(&self) -> Instant {
        let heard_at = self.session.heard_at();
        self.session.waiting_since().map_or(heard_at, |since| since.min(heard_at)) + SILENCE_MAX
    }

    async fn look_at_the_time(&mut self) -> Result<(), End> {
        let now = Instant::now();
        if let Some((caller, watch)) = &mut self.watch
            && now >= watch.look_at()
        {
            watch.look(&self.app, caller).await?;
        }
        if now >= self.patient_until() {
            return Err(Close::TooSlow.into());
        }
        if now >= self.ping_at {
            self.ping_at = now + PING_INTERVAL;
            // Older clients ask themselves.
            if self.session.revision == Revision::Four {
                self.session.say(socket_io::ping());
            }
        }
        Ok(())
    }
}

fn watch_of(app: &App, speaker: &Speaker) -> Option<(Caller, SessionWatch)> {
    let caller = speaker.account()?.clone();
    let watch = SessionWatch::new(caller.expires_at, app.clock.now());
    Some((caller, watch))
}
