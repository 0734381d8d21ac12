//! Somebody who says something every so often, and somebody who listens elsewhere: how long until it is acknowledged, until it is
//! refused, until it is heard.

use crate::{
    Result,
    history::{History, Outcome, Place, Sent},
    house::sign_up,
    http::Asker,
    lock,
    person::{Line, Stage},
};
use hyper::Method;
use protocol::{
    Changes, ErrorCode,
    frame::{Event, ServerFrame},
    ids::GENERAL,
};
use serde_json::json;
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};

/// A connection that takes longer is given up.
const WELCOME_PATIENCE: Duration = Duration::from_secs(20);
/// After so long without an answer something is said again.
const ANSWER_PATIENCE: Duration = Duration::from_secs(20);
/// Whoever is refused waits so long.
const AGAIN_AFTER: Duration = Duration::from_millis(50);

/// What was measured. All times are nanoseconds of the run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measured {
    /// What was said: when, when it was acknowledged, and when it was heard.
    pub(crate) spoken: Vec<Spoken>,
    /// How long each refusal took, and what it said.
    pub(crate) refused: Vec<(Duration, ErrorCode, bool)>,
    /// How often a socket of theirs ended.
    pub(crate) lost: u64,
}

/// Something that was said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spoken {
    /// When it was said first.
    pub(crate) said: u64,
    /// When it was acknowledged.
    pub(crate) acknowledged: Option<u64>,
    /// When it was heard.
    pub(crate) heard: Option<u64>,
}

/// Two who measure.
pub(crate) struct Meter {
    go_on: watch::Sender<bool>,
    rests: watch::Sender<bool>,
    shared: Arc<Shared>,
    voice: JoinHandle<Result<Vec<Sent>>>,
    ear: JoinHandle<Result<()>>,
}

struct Shared {
    stage: Stage,
    measured: Mutex<Measured>,
    /// What the ear heard before the voice knew that it was said.
    texts: Mutex<HashMap<String, usize>>,
}

impl Shared {
    fn measured(&self) -> MutexGuard<'_, Measured> {
        lock(&self.measured)
    }

    fn hear(&self, text: Option<&str>) {
        let at = text.and_then(|text| lock(&self.texts).get(text).copied());
        let now = self.stage.now();
        let mut measured = self.measured();
        let spoken = at.and_then(|at| measured.spoken.get_mut(at)).filter(|one| one.heard.is_none());
        if let Some(spoken) = spoken {
            spoken.heard = Some(now);
        }
    }
}

impl Meter {
    /// Signs two up at `voice` and `ear`, and lets the one say something every `pause`, which the other hears.
    ///
    /// # Errors
    /// When they cannot sign up.
    pub(crate) async fn begin(
        voice: SocketAddr,
        ear: SocketAddr,
        pause: Duration,
        name: &str,
        stage: &Stage,
    ) -> Result<Self> {
        let (speaker, token) = sign_up(voice, &format!("{name}-voice")).await?;
        let speaks = Asker { address: voice, token: Some(token) };
        let (_, token) = sign_up(ear, &format!("{name}-ear")).await?;
        let hears = Asker { address: ear, token: Some(token) };
        let (go_on, going) = watch::channel(true);
        let (rests, resting) = watch::channel(false);
        let shared =
            Arc::new(Shared { stage: stage.clone(), measured: Mutex::default(), texts: Mutex::default() });
        let speaking = Voice {
            account: speaker,
            name: name.to_owned(),
            asker: speaks,
            pause,
            shared: Arc::clone(&shared),
        };
        let voice = tokio::spawn(speaking.speak(going.clone(), resting));
        let ear = tokio::spawn(listen(hears, Arc::clone(&shared), going));
        Ok(Self { go_on, rests, shared, voice, ear })
    }

    /// Waits until something that is said from now on is acknowledged and heard. Gives how long each took.
    pub(crate) async fn next(&self, patience: Duration) -> Option<(Duration, Duration)> {
        let begun = Instant::now();
        let now = self.shared.stage.now();
        let since = |at: u64| Duration::from_nanos(at.saturating_sub(now));
        while begun.elapsed() < patience {
            let found = {
                let measured = self.shared.measured();
                let late = measured
                    .spoken
                    .iter()
                    .rev()
                    .take_while(|one| one.acknowledged.is_none_or(|at| at >= now));
                late.filter_map(|one| Some((one.acknowledged?, one.heard?))).last()
            };
            if let Some((acknowledged, heard)) = found {
                return Some((since(acknowledged), since(heard)));
            }
            sleep(Duration::from_millis(5)).await;
        }
        None
    }

    /// Says nothing for a while, or goes on.
    pub(crate) fn rest(&self, rests: bool) {
        self.rests.send_replace(rests);
    }

    /// How many of their sockets have ended.
    #[must_use]
    pub(crate) fn lost(&self) -> u64 {
        self.shared.measured().lost
    }

    /// What was measured until now.
    #[must_use]
    pub(crate) fn so_far(&self) -> Measured {
        self.shared.measured().clone()
    }

    /// Ends it, and gives what was measured and what was said.
    ///
    /// # Errors
    /// When one of them panicked.
    pub(crate) async fn end(self) -> Result<(Measured, History)> {
        self.go_on.send_replace(false);
        self.rests.send_replace(false);
        let sent = self.voice.await??;
        self.ear.await??;
        let measured = self.shared.measured().clone();
        Ok((measured, History { sent, ..History::default() }))
    }
}

async fn open(asker: &Asker) -> Result<Line> {
    let opening = async {
        let mut line = Line::open(asker.address, asker.token.as_deref().unwrap_or_default()).await?;
        line.say(&json!({ "op": "hello" })).await?;
        loop {
            if let ServerFrame::Welcome(_) = line.next().await? {
                return Ok(line);
            }
        }
    };
    timeout(WELCOME_PATIENCE, opening).await?
}

/// Opens a line, however often it takes. None: it is time to go.
async fn open_again(asker: &Asker, going: &watch::Receiver<bool>) -> Option<Line> {
    while *going.borrow() {
        if let Ok(line) = open(asker).await {
            return Some(line);
        }
        sleep(AGAIN_AFTER).await;
    }
    None
}

struct Voice {
    account: i64,
    name: String,
    asker: Asker,
    pause: Duration,
    shared: Arc<Shared>,
}

impl Voice {
    async fn speak(
        self,
        going: watch::Receiver<bool>,
        mut resting: watch::Receiver<bool>,
    ) -> Result<Vec<Sent>> {
        let mut all = Vec::new();
        let mut line = None;
        let mut number = 0_u64;
        while *going.borrow() {
            // An error: nobody is there any more who could wake it.
            resting.wait_for(|rests| !rests).await?;
            number += 1;
            let cid = format!("{}-{number}", self.name);
            let text = format!("<{cid}>");
            let asked = self.shared.stage.now();
            let index = {
                let mut measured = self.shared.measured();
                measured.spoken.push(Spoken { said: asked, acknowledged: None, heard: None });
                measured.spoken.len() - 1
            };
            lock(&self.shared.texts).insert(text.clone(), index);
            let mut sent = Sent {
                by: self.account,
                to: GENERAL.0,
                cid,
                text,
                asked,
                was_put_off: false,
                outcome: Outcome::Unknown,
            };
            while sent.outcome == Outcome::Unknown && *going.borrow() {
                if line.is_none() {
                    line = open_again(&self.asker, &going).await;
                }
                let Some(open) = line.as_mut() else { break };
                if self.say(open, &mut sent, index).await.is_err() {
                    self.shared.measured().lost += 1;
                    line = None;
                }
            }
            all.push(sent);
            sleep(self.pause).await;
        }
        Ok(all)
    }

    /// Says it and waits for the answer.
    async fn say(&self, line: &mut Line, sent: &mut Sent, index: usize) -> Result<()> {
        let begun = Instant::now();
        line.say(&json!({ "op": "send", "cid": sent.cid, "conversation": GENERAL, "body": sent.text }))
            .await?;
        loop {
            let left = ANSWER_PATIENCE.saturating_sub(begun.elapsed());
            match timeout(left, line.next()).await?? {
                ServerFrame::Ack(ack) if ack.cid.as_ref() == Some(&sent.cid) => {
                    let at = self.shared.stage.now();
                    sent.outcome = Outcome::Done { at, place: Place { seq: ack.seq, rev: ack.rev } };
                    if let Some(spoken) = self.shared.measured().spoken.get_mut(index) {
                        spoken.acknowledged = Some(at);
                    }
                    return Ok(());
                }
                ServerFrame::Nack(nack) if nack.cid.as_ref() == Some(&sent.cid) => {
                    self.shared.measured().refused.push((begun.elapsed(), nack.code, nack.is_final));
                    sent.was_put_off = true;
                    if nack.is_final {
                        sent.outcome = Outcome::Refused;
                    } else {
                        sleep(AGAIN_AFTER).await;
                    }
                    return Ok(());
                }
                ServerFrame::Goaway(_) => return Err("told to go".into()),
                _ => {}
            }
        }
    }
}

/// Listens on one line after the other, and asks for what is not said one by one.
async fn listen(asker: Asker, shared: Arc<Shared>, going: watch::Receiver<bool>) -> Result<()> {
    let mut cursor = 0;
    while *going.borrow() {
        let Some(mut line) = open_again(&asker, &going).await else { break };
        // What was said between two lines.
        if cursor > 0 {
            catch_up(&asker, &shared, &mut cursor).await;
        }
        let mut ended = going.clone();
        loop {
            let frame = tokio::select! {
                frame = line.next() => frame,
                _ = ended.changed() => return Ok(()),
            };
            match frame {
                Ok(ServerFrame::Event(frame)) if frame.conversation == GENERAL => {
                    if cursor > 0 && frame.rev > cursor + 1 {
                        catch_up(&asker, &shared, &mut cursor).await;
                    }
                    cursor = cursor.max(frame.rev);
                    if let Event::MessageCreated { message } = &frame.event {
                        shared.hear(message.body.as_deref());
                    }
                }
                Ok(ServerFrame::Lag(lag)) if lag.conversation == GENERAL => {
                    catch_up(&asker, &shared, &mut cursor).await;
                }
                Ok(ServerFrame::Goaway(_)) | Err(_) => break,
                Ok(_) => {}
            }
        }
        shared.measured().lost += 1;
    }
    Ok(())
}

async fn catch_up(asker: &Asker, shared: &Shared, cursor: &mut i64) {
    loop {
        let path = format!("/api/v1/conversations/{GENERAL}/changes?since={cursor}");
        let Ok(answer) = asker.ask(Method::GET, &path, None).await else { return };
        let Ok(changes) = answer.read::<Changes>() else { return };
        changes.messages.iter().for_each(|message| shared.hear(message.body.as_deref()));
        *cursor = changes.head.max(*cursor);
        if !changes.has_more {
            return;
        }
    }
}

/// What so many of a hundred took at most.
#[must_use]
pub(crate) fn percentile(took: &mut [Duration], percent: usize) -> Duration {
    took.sort_unstable();
    let at = (took.len() * percent).div_ceil(100).saturating_sub(1);
    took.get(at).copied().unwrap_or_default()
}

impl Measured {
    /// How long each took to be heard that was said between two moments of the run.
    #[must_use]
    pub(crate) fn until_heard(&self, from: u64, to: u64) -> Vec<Duration> {
        let said = self.spoken.iter().filter(|one| (from..to).contains(&one.said));
        said.filter_map(|one| Some(Duration::from_nanos(one.heard?.saturating_sub(one.said)))).collect()
    }

    /// How long each took to be acknowledged that was said between two moments of the run.
    #[must_use]
    pub(crate) fn until_acknowledged(&self, from: u64, to: u64) -> Vec<Duration> {
        let said = self.spoken.iter().filter(|one| (from..to).contains(&one.said));
        said.filter_map(|one| Some(Duration::from_nanos(one.acknowledged?.saturating_sub(one.said))))
            .collect()
    }

    /// What was acknowledged between two moments of the run and not heard within a time after that.
    #[must_use]
    pub(crate) fn late(&self, from: u64, to: u64, patience: Duration) -> Vec<Spoken> {
        let patience = u64::try_from(patience.as_nanos()).unwrap_or(u64::MAX);
        let of_then = |at: u64| (from..to).contains(&at);
        let late = |one: &&Spoken| {
            one.acknowledged
                .is_some_and(|at| of_then(at) && one.heard.is_none_or(|heard| heard > at + patience))
        };
        self.spoken.iter().filter(late).copied().collect()
    }
}
