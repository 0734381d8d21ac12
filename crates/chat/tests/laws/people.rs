//! A chat with four people in it, each with a listener and copies that follow what it hears.

use crate::copy::{self, Copy};
use chat::{
    Caller, Chat, Client, Clock, Limits, Options, Rate, accounts, administration, auth, sessions, sync,
};
use protocol::{
    AccountRole, ConversationId, ConversationKind, MembershipState, MessageId, Rev, ServerFrame,
    api::{CreateConversation, CreateInvite, Registration, SignIn, SignUp, TokenKind},
    ids::GENERAL,
};
use realtime::{Delivery, Hub, Listener};
use std::{
    collections::BTreeMap,
    future::{self, Future},
    net::{IpAddr, Ipv4Addr},
    pin::pin,
    task::Poll,
};
use store::testing::TestDatabase;

pub(crate) struct Person {
    pub(crate) caller: Caller,
    pub(crate) token: String,
    listener: Listener,
    pub(crate) copies: BTreeMap<ConversationId, Copy>,
    /// Every state that each copy went through, by its cursor.
    pub(crate) history: BTreeMap<ConversationId, BTreeMap<Rev, Copy>>,
}

pub(crate) struct World {
    pub(crate) chat: Chat,
    pub(crate) people: Vec<Person>,
    /// The direct chat of the first two.
    direct: ConversationId,
    /// The first one's room.
    pub(crate) room: ConversationId,
    /// An invite that lets people straight in.
    pub(crate) open_code: String,
    /// An invite that asks for approval.
    pub(crate) asking_code: String,
    _database: TestDatabase,
}

pub(crate) fn client() -> Client {
    Client { ip: IpAddr::V4(Ipv4Addr::LOCALHOST), user_agent: None }
}

fn limits() -> Limits {
    let much = Rate::new(1_000_000, 1, 1_000_000);
    Limits {
        password_memory_kib: 64,
        password_passes: 1,
        sends_per_account: much,
        sign_ins_per_account: much,
        sign_ins_per_address: much,
        sign_ups_per_address: much,
        lookups_per_account: much,
        invite_codes_per_address: much,
        rooms_per_account: much,
        ..Limits::default()
    }
}

/// A fresh session's token of one of the people.
pub(crate) async fn token_of(chat: &Chat, name: &str) -> String {
    let with = SignIn {
        login: name.into(),
        password: format!("{name}'s long password"),
        token_kind: TokenKind::Opaque,
    };
    sessions::sign_in(chat, &client(), with).await.unwrap().token
}

/// An administrator who is signed in.
pub(crate) async fn administrator(chat: &Chat) -> Caller {
    let password = "boss's long password".to_owned();
    let made = administration::create(chat, "boss".into(), password, None, AccountRole::Administrator);
    made.await.unwrap();
    auth::authenticate(chat, &token_of(chat, "boss").await).await.unwrap()
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_limits(|_| {}).await
    }

    pub(crate) async fn with_limits(change: impl FnOnce(&mut Limits)) -> Self {
        let mut limits = limits();
        change(&mut limits);
        let database = TestDatabase::sqlite();
        let store = database.open().unwrap();
        let hub = Hub::new(realtime::Limits::default());
        let options = Options {
            limits,
            registration: Registration::Open,
            public_url: "http://parlor.test".into(),
            server_name: "Parlor".into(),
            sign_in_with: Vec::new(),
            version: "test".into(),
            clock: Clock::System,
            seen: None,
        };
        let chat = Chat::start(store, hub, options).await.unwrap();
        let mut people = Vec::new();
        for name in ["ann", "bob", "cem", "dia"] {
            people.push(Person::sign_up(&chat, name).await);
        }
        let (ann, bob) = (&people[0].caller, &people[1].caller);
        let direct = CreateConversation {
            kind: ConversationKind::Direct,
            name: None,
            description: None,
            account_id: Some(bob.account.id),
        };
        let direct = chat::conversations::create(&chat, ann, direct).await.unwrap().0.conversation.details.id;
        let room = CreateConversation {
            kind: ConversationKind::Room,
            name: Some("Kitchen garden".into()),
            description: None,
            account_id: None,
        };
        let (room, _) = chat::conversations::create(&chat, ann, room).await.unwrap();
        let id = room.conversation.details.id;
        let open = CreateInvite { needs_approval: false, ..CreateInvite::default() };
        let open = chat::invites::create(&chat, ann, id, open).await.unwrap();
        let mut world = Self {
            people,
            direct,
            room: id,
            open_code: open.code.unwrap(),
            asking_code: room.invite.unwrap().code.unwrap(),
            chat,
            _database: database,
        };
        world.hear().await;
        world
    }

    /// One of the three conversations.
    pub(crate) fn place(&self, n: usize) -> ConversationId {
        [GENERAL, self.direct, self.room, self.room][n % 4]
    }

    /// One of the messages that somebody has seen; number 1 when there is none.
    pub(crate) async fn message(&self, n: usize) -> MessageId {
        let all: Vec<MessageId> = self.seen().collect();
        all.get(n % all.len().max(1)).copied().unwrap_or(MessageId(1))
    }

    /// A message of a conversation, if somebody has seen one.
    pub(crate) async fn message_in(&self, id: ConversationId) -> Option<MessageId> {
        let copies = self.people.iter().filter_map(|person| person.copies.get(&id));
        copies.flat_map(|copy| copy.messages.values()).map(|message| message.id).next()
    }

    fn seen(&self) -> impl Iterator<Item = MessageId> {
        let copies = self.people.iter().flat_map(|person| person.copies.values());
        copies.flat_map(|copy| copy.messages.values()).map(|message| message.id)
    }

    /// Everyone takes what was told until nothing waits.
    pub(crate) async fn hear(&mut self) {
        for person in &mut self.people {
            person.hear(&self.chat).await;
        }
    }
}

impl Person {
    async fn sign_up(chat: &Chat, name: &str) -> Self {
        let with = SignUp {
            username: name.into(),
            password: format!("{name}'s long password"),
            email: None,
            display_name: None,
            invite: None,
        };
        let signed = accounts::sign_up(chat, &client(), with).await.unwrap();
        let caller = auth::authenticate(chat, &signed.token).await.unwrap();
        let connected = sync::connect(chat, &caller, None).await.unwrap();
        let mut person = Self {
            listener: connected.listener,
            caller,
            token: signed.token,
            copies: BTreeMap::new(),
            history: BTreeMap::new(),
        };
        for summary in connected.welcome.conversations {
            let copy = copy::load(chat, &person.caller, summary.details.id).await;
            person.keep(summary.details.id, copy);
        }
        person
    }

    pub(crate) fn name(&self) -> &str {
        &self.caller.account.username
    }

    fn keep(&mut self, id: ConversationId, copy: Copy) {
        self.history.entry(id).or_default().insert(copy.cursor, copy.clone());
        self.copies.insert(id, copy);
    }

    async fn hear(&mut self, chat: &Chat) {
        while let Some(Delivery::Frames(frames)) = ready(self.listener.next()).await {
            for told in frames.iter() {
                self.follow(chat, &told.frame).await;
            }
        }
    }

    async fn follow(&mut self, chat: &Chat, frame: &ServerFrame) {
        match frame {
            ServerFrame::Event(event) => {
                let name = self.caller.account.username.clone();
                let heard = self.copies.get_mut(&event.conversation);
                let copy = heard.unwrap_or_else(|| panic!("{name} is not in this: {event:?}"));
                copy.apply(event.rev, &event.event);
                let copy = copy.clone();
                self.keep(event.conversation, copy);
            }
            ServerFrame::Receipt(receipt) => {
                let copy =
                    self.copies.get_mut(&receipt.conversation).expect("receipts come from where one is");
                copy.read(receipt.account, receipt.seq);
            }
            ServerFrame::Membership(notice) if notice.state == MembershipState::Active => {
                let summary = notice.summary.as_ref().expect("who is in is told what it is in");
                assert_eq!(summary.details.id, notice.conversation);
                let copy = copy::load(chat, &self.caller, notice.conversation).await;
                self.keep(notice.conversation, copy);
            }
            ServerFrame::Membership(notice) => {
                self.copies.remove(&notice.conversation);
                self.history.remove(&notice.conversation);
            }
            ServerFrame::Lag(lag) => panic!("nobody is slow here: {lag:?}"),
            _ => {}
        }
    }
}

/// What a future gives at once, or nothing when it would wait.
pub(crate) async fn ready<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    future::poll_fn(|context| {
        Poll::Ready(match future.as_mut().poll(context) {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        })
    })
    .await
}
