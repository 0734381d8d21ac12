//! The house of a run: people, the rooms they share, and somebody who comes and goes.

use crate::{
    Result,
    history::Standing,
    http::{Answer, Asker},
    lock,
    person::{Manner, Mode, Person, Stage, membership_of},
};
use hyper::{Method, StatusCode};
use protocol::{
    ConversationId,
    api::{ConversationList, CreatedConversation, Joined, MembershipList, SignedIn},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};
use tokio::{sync::watch, task::JoinSet, time::sleep};

const PASSWORD: &str = "a long word and 7 more";
/// Those who come and go do so as often, in milliseconds.
const COME_AND_GO_MS: std::ops::Range<u64> = 200..900;
/// How long a request is tried again while the server is away.
const PATIENCE: Duration = Duration::from_secs(120);
const AGAIN_AFTER: Duration = Duration::from_millis(50);

/// Somebody with an account.
#[derive(Clone, Debug)]
pub(crate) struct Resident {
    /// The number of the account.
    pub(crate) account: i64,
    /// Its name.
    pub(crate) name: String,
    /// Its session.
    pub(crate) token: String,
}

/// A room, who owns it, and how to come in.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    /// Its number.
    pub(crate) id: ConversationId,
    /// Who made it, among the residents.
    pub(crate) owner: usize,
    /// Who comes and goes, among the residents.
    pub(crate) comer: usize,
    /// The code of its invite.
    pub(crate) code: String,
}

/// Everybody and everything.
#[derive(Clone, Debug)]
pub(crate) struct House {
    /// The people.
    pub(crate) residents: Vec<Resident>,
    /// The rooms.
    pub(crate) rooms: Vec<Room>,
}

impl House {
    /// Signs people up and lets them make and join rooms.
    ///
    /// # Errors
    /// When the server does not do as it is asked.
    pub(crate) async fn furnish(address: SocketAddr, people: usize, rooms: usize, seed: u64) -> Result<Self> {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut residents = Vec::new();
        for number in 0..people {
            let name = format!("person{number}");
            let (account, token) = sign_up(address, &name).await?;
            residents.push(Resident { account, name, token });
        }
        let mut house = Self { residents, rooms: Vec::new() };
        for number in 0..rooms {
            let owner = number % people;
            let others: Vec<usize> = (0..people).filter(|other| *other != owner).collect();
            let joining = random.choose_multiple(others, people / 3 + 1);
            let Some(comer) = joining.first().copied() else { return Err("a room needs two people".into()) };
            let asker = house.asker(owner, address)?;
            let body = json!({ "kind": "room", "name": format!("Room {number}") });
            let made: CreatedConversation = asker.post("/api/v1/conversations", body).await?;
            let id = made.conversation.details.id;
            let path = format!("/api/v1/conversations/{id}/invites");
            let invite: Value = asker.post(&path, json!({ "needs_approval": false })).await?;
            let code =
                invite.get("code").and_then(Value::as_str).ok_or("an invite without a code")?.to_owned();
            for member in joining {
                let path = format!("/api/v1/invites/{code}/join");
                let _: Joined = house.asker(member, address)?.post(&path, json!({})).await?;
            }
            house.rooms.push(Room { id, owner, comer, code });
        }
        Ok(house)
    }

    /// One of the people as somebody who asks.
    ///
    /// # Errors
    /// When there is nobody of this number.
    pub(crate) fn asker(&self, resident: usize, address: SocketAddr) -> Result<Asker> {
        let resident = self.residents.get(resident).ok_or("there is nobody of this number")?;
        Ok(Asker { address, token: Some(resident.token.clone()) })
    }

    /// What everybody is told of how much they have not read, and how far each conversation has come.
    ///
    /// # Errors
    /// When the server does not answer.
    pub(crate) async fn summaries(&self, address: SocketAddr) -> Result<Summaries> {
        let mut all = Summaries::default();
        for resident in 0..self.residents.len() {
            let list: ConversationList = self.asker(resident, address)?.get("/api/v1/conversations").await?;
            let account = self.residents.get(resident).map_or(0, |resident| resident.account);
            for summary in list.conversations {
                let key = (account, summary.details.id.0);
                all.unread.insert(key, summary.unread);
                all.heads.insert(key, summary.last_rev);
            }
        }
        Ok(all)
    }
}

/// Makes an account. Gives its number and its session.
///
/// # Errors
/// When the server does not make it.
pub(crate) async fn sign_up(address: SocketAddr, name: &str) -> Result<(i64, String)> {
    let asker = Asker { address, token: None };
    let body = json!({ "username": name, "password": PASSWORD });
    let signed: SignedIn = asker.post("/api/v1/accounts", body).await?;
    Ok((signed.account.account.id.0, signed.token))
}

/// What everybody is told of their conversations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Summaries {
    /// How much each has not read.
    pub(crate) unread: BTreeMap<(i64, i64), i64>,
    /// How far each conversation has come, for each who is in it.
    pub(crate) heads: BTreeMap<(i64, i64), i64>,
}

/// People who talk.
pub(crate) struct Crowd {
    /// Tells them what to do.
    pub(crate) mode: watch::Sender<Mode>,
    /// What they share.
    pub(crate) stage: Stage,
    people: JoinSet<crate::history::History>,
    keepers: JoinSet<(Vec<Standing>, Option<String>)>,
    /// Who came and went as far as that is settled, and what those were refused who let them.
    standings: Vec<Standing>,
    refused: Vec<String>,
}

impl Crowd {
    /// Lets everybody talk. `address` is where they reach a server, by their number; `calm`: where those do who let others come and go.
    ///
    /// # Errors
    /// When the house has no one.
    pub(crate) fn gather(
        house: &House,
        address: impl Fn(usize) -> SocketAddr,
        calm: SocketAddr,
        seed: u64,
        pause_ms: std::ops::Range<u64>,
    ) -> Result<Self> {
        let (mode, watching) = watch::channel(Mode::Talk);
        let stage = Stage::watching(watching);
        let mut people = JoinSet::new();
        for (number, resident) in house.residents.iter().enumerate() {
            let manner = Manner {
                seed: seed.wrapping_mul(1_000).wrapping_add(number as u64),
                in_flight_max: if number.is_multiple_of(2) { 1 } else { 4 },
                pause_ms: pause_ms.clone(),
                by_http: number % 5 == 4,
            };
            let Resident { account, name, token } = resident;
            people.spawn(Person::new(*account, name, token, address(number), manner, stage.clone()).live());
        }
        let mut crowd =
            Self { mode, stage, people, keepers: JoinSet::new(), standings: Vec::new(), refused: Vec::new() };
        crowd.let_come_and_go(house, calm, seed)?;
        Ok(crowd)
    }

    /// How many messages were acknowledged.
    #[must_use]
    pub(crate) fn acknowledged(&self) -> usize {
        lock(&self.stage.ledger).len()
    }

    /// Waits until everybody's copies are as far as they are told the conversations are. None: it took too long.
    ///
    /// # Errors
    /// When the server does not answer.
    pub(crate) async fn equal(
        &self,
        house: &House,
        address: SocketAddr,
        patience: Duration,
    ) -> Result<Option<Summaries>> {
        let begun = Instant::now();
        loop {
            let told = house.summaries(address).await?;
            let positions = lock(&self.stage.positions).clone();
            if positions == told.heads {
                return Ok(Some(told));
            }
            if begun.elapsed() > patience {
                return Ok(None);
            }
            sleep(AGAIN_AFTER).await;
        }
    }

    /// Waits until everything that was said is acknowledged. False: it took too long.
    pub(crate) async fn quiet(&mut self, patience: Duration) -> bool {
        self.mode.send_replace(Mode::Listen);
        let begun = Instant::now();
        while self.stage.busy.load(Ordering::SeqCst) > 0 {
            if begun.elapsed() > patience {
                return false;
            }
            sleep(AGAIN_AFTER).await;
        }
        true
    }

    /// Lets everybody talk again, and others come and go, after they only listened.
    ///
    /// # Errors
    /// When the house has no one.
    pub(crate) fn talk_again(&mut self, house: &House, calm: SocketAddr, seed: u64) -> Result<()> {
        self.mode.send_replace(Mode::Talk);
        self.let_come_and_go(house, calm, seed)
    }

    fn let_come_and_go(&mut self, house: &House, calm: SocketAddr, seed: u64) -> Result<()> {
        for room in &house.rooms {
            let keeper = Keeper {
                account: house.residents.get(room.comer).ok_or("nobody comes")?.account,
                owner: house.asker(room.owner, calm)?,
                comer: house.asker(room.comer, calm)?,
                room: room.clone(),
                stage: self.stage.clone(),
                random: fastrand::Rng::with_seed(seed ^ u64::try_from(room.id.0).unwrap_or(0)),
            };
            self.keepers.spawn(keeper.keep());
        }
        Ok(())
    }

    /// Lets everybody go and gives what they remember.
    ///
    /// # Errors
    /// When one of them panicked.
    pub(crate) async fn disperse(mut self) -> Result<crate::history::History> {
        self.mode.send_replace(Mode::Leave);
        let mut all = crate::history::History::default();
        while let Some(history) = self.people.join_next().await {
            let history = history?;
            all.sent.extend(history.sent);
            all.changed.extend(history.changed);
            all.pages.extend(history.pages);
            all.peeks.extend(history.peeks);
            all.heard.extend(history.heard);
            all.copies.extend(history.copies);
        }
        self.settle_rooms().await?;
        all.standings = self.standings;
        all.refused = self.refused;
        Ok(all)
    }

    /// Waits until nobody is let in or put out any more.
    ///
    /// # Errors
    /// When one of those who do so panicked.
    pub(crate) async fn settle_rooms(&mut self) -> Result<()> {
        while let Some(kept) = self.keepers.join_next().await {
            let (standings, refused) = kept?;
            self.standings.extend(standings);
            self.refused.extend(refused);
        }
        Ok(())
    }
}

/// Lets one person come and go in a room, as its owner.
struct Keeper {
    account: i64,
    owner: Asker,
    comer: Asker,
    room: Room,
    stage: Stage,
    random: fastrand::Rng,
}

impl Keeper {
    /// Goes on until there is no more talking; in the end the person is in. Ends early with what it was refused.
    async fn keep(mut self) -> (Vec<Standing>, Option<String>) {
        let mut standings = Vec::new();
        while *self.stage.mode.borrow() == Mode::Talk {
            for is_in in [false, true] {
                sleep(Duration::from_millis(self.random.u64(COME_AND_GO_MS))).await;
                match if is_in { self.let_in().await } else { self.put_out().await } {
                    Ok(standing) => standings.push(standing),
                    Err(error) => return (standings, Some(error.to_string())),
                }
            }
        }
        (standings, None)
    }

    async fn put_out(&self) -> Result<Standing> {
        let asked = self.stage.now();
        let path = format!("/api/v1/conversations/{}/bans/{}", self.room.id, self.account);
        let banned = until_answered(&self.owner, &Method::PUT, &path, None).await?;
        let rev = banned.get("rev").and_then(Value::as_i64).ok_or("a ban without a rev")?;
        Ok(self.standing(false, rev, asked))
    }

    async fn let_in(&self) -> Result<Standing> {
        let path = format!("/api/v1/conversations/{}/bans/{}", self.room.id, self.account);
        let lifted = until_told(&self.owner, &Method::DELETE, &path, None).await?;
        // It was lifted before, and the answer did not arrive.
        if lifted.status != StatusCode::NOT_FOUND {
            lifted.read::<Value>()?;
        }
        let asked = self.stage.now();
        let path = format!("/api/v1/invites/{}/join", self.room.code);
        until_answered(&self.comer, &Method::POST, &path, Some(json!({}))).await?;
        let path = format!("/api/v1/conversations/{}/members?limit=200", self.room.id);
        let members = until_answered(&self.owner, &Method::GET, &path, None).await?;
        let members: MembershipList = serde_json::from_value(members)?;
        let rev = membership_of(&members.memberships, self.account).ok_or("let in and not there")?.rev;
        Ok(self.standing(true, rev, asked))
    }

    fn standing(&self, is_in: bool, rev: i64, asked: u64) -> Standing {
        Standing { account: self.account, of: self.room.id.0, is_in, rev, asked, at: self.stage.now() }
    }
}

/// Asks until there is an answer, and gives its body. What it asks for may be done twice.
///
/// # Errors
/// When it is refused, or nobody answers for too long.
pub(crate) async fn until_answered(
    asker: &Asker,
    method: &Method,
    path: &str,
    body: Option<Value>,
) -> Result<Value> {
    let answer = until_told(asker, method, path, body).await?;
    answer.read().map_err(|error| format!("{method} {path}: {error}").into())
}

/// Asks until it is done or refused.
async fn until_told(asker: &Asker, method: &Method, path: &str, body: Option<Value>) -> Result<Answer> {
    let begun = Instant::now();
    loop {
        match asker.ask(method.clone(), path, body.clone()).await {
            Ok(answer) if answer.status.is_success() || answer.is_refusal() => return Ok(answer),
            _ if begun.elapsed() > PATIENCE => return Err(format!("{method} {path}: no answer").into()),
            _ => sleep(AGAIN_AFTER).await,
        }
    }
}
