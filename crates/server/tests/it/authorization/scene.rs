//! What is acted on: made when it is named, with a word in everything private, and anew for each case that changes it.

use super::cast::{
    Actor::{self, Administrator, Banned, Disabled, Member, Moderator, Neighbour, Owner, Pending, Removed},
    Cast,
};
use crate::world::{PASSWORD, Person, new_cid};
use protocol::{
    ConversationId,
    api::{CreatedConversation, SentMessage, SignedIn},
    ids::GENERAL,
};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Where administrators read what was done.
const DONE: &str = "/admin/audit?limit=100";
/// What the audit log calls what did not change anything.
const TRIES: [&str; 3] = ["session.failed", "session.held_back", "audit.read"];

/// Things, and what the placeholders of the table stand for.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    values: HashMap<String, String>,
    /// Whether the account that is shut out was in its rooms.
    with_disabled: bool,
    /// Whether somebody who is outside is let in here, and may learn all of it.
    lets_in: bool,
    /// Whether the list of one's conversations is a part of the state.
    pub with_list: bool,
}

impl Scene {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, where the account that is shut out is let back for a moment to become a member of what is made.
    pub fn with_disabled() -> Self {
        Self { with_disabled: true, ..Self::default() }
    }

    /// The same, where somebody who is outside is let in.
    pub fn of_those_let_in() -> Self {
        Self { lets_in: true, ..Self::default() }
    }

    fn word(&self, cast: &Cast, kind: &str) -> String {
        cast.word(if self.lets_in { "said" } else { kind })
    }

    fn set(&mut self, name: &str, value: impl ToString) {
        self.values.insert(name.to_owned(), value.to_string());
    }

    fn id(&self, name: &str) -> ConversationId {
        ConversationId(self.values[name].parse().unwrap())
    }

    /// The text with what its placeholders stand for.
    pub async fn fill(&mut self, cast: &Cast, actor: Actor, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let end = after.find(|c: char| !c.is_ascii_lowercase());
            match end {
                Some(end) if end > 0 && after[end..].starts_with('}') => {
                    filled.push_str(&self.value(cast, actor, &after[..end]).await);
                    rest = &after[end + 1..];
                }
                _ => {
                    filled.push('{');
                    rest = after;
                }
            }
        }
        filled + rest
    }

    async fn value(&mut self, cast: &Cast, actor: Actor, name: &str) -> String {
        match name {
            "me" => return cast.player(actor).id.map_or("777".into(), |id| id.to_string()),
            "nowhere" | "nomessage" | "nobody" | "noinvite" | "nosession" => return "4000000".into(),
            "epoch" => return cast.epoch.clone(),
            "cid" => return new_cid(),
            "word" => return cast.word("said"),
            "newname" => return format!("new{}", cast.number()),
            "phone" => return format!("4900{}", cast.number()),
            "password" => return PASSWORD.into(),
            "mymail" => return actor.email(),
            "mypassword" => return actor.password(),
            "nocode" => return "0".repeat(32),
            "mysession" => return Self::my_session(cast, actor).await,
            _ => {}
        }
        if let Some(known) = super::cast::ACTORS.into_iter().find(|known| known.name() == name) {
            return cast.player(known).id.unwrap_or_else(|| panic!("{name} has no account")).to_string();
        }
        if !self.values.contains_key(name) {
            match name {
                "room" | "text" | "ownertext" | "gone" | "edited" | "invite" | "code" | "opencode" => {
                    self.room(cast).await
                }
                "archived" | "archivetext" | "archivecode" | "archiveinvite" => self.archived(cast).await,
                "direct" | "directtext" => self.direct(cast).await,
                "general" | "generaltext" => self.general(cast).await,
                "garden" | "gardentext" | "gardencode" | "gardeninvite" => self.garden(cast).await,
                "newcomer" | "newcomername" | "newcomersession" | "refresh" => self.newcomer(cast).await,
                other => panic!("nothing is called {other}"),
            }
        }
        self.values[name].clone()
    }

    /// Another session of the actor's own; of nobody's where the actor has no account that is let in.
    async fn my_session(cast: &Cast, actor: Actor) -> String {
        if !actor.is_signed_in() {
            return "1".into();
        }
        cast.signs_in_again(actor, "opaque").await;
        let sessions: Value = cast.person(actor).get("/sessions").await.expect(200);
        let ids =
            sessions["sessions"].as_array().unwrap().iter().filter_map(|session| session["id"].as_i64());
        ids.max().unwrap().to_string()
    }

    /// A room with somebody in every state.
    async fn room(&mut self, cast: &Cast) {
        let (owner, member) = (cast.person(Owner), cast.person(Member));
        let (id, code) = self.makes(cast, Owner, "oldname").await;
        let open = self.opens(cast, id).await;
        for actor in
            [Member, Moderator, Removed, Banned].into_iter().chain(self.with_disabled.then_some(Disabled))
        {
            cast.person(actor).follows(&open).await;
        }
        // They spoke while they might: having been let in once is no right.
        for actor in [Owner, Removed, Banned] {
            cast.person(actor).says(id, &self.word(cast, "earlytext")).await;
        }
        expect(
            owner
                .patch(
                    &format!("/conversations/{id}/members/{}", cast.person(Moderator).id()),
                    json!({ "role": "moderator" }),
                )
                .await,
        );
        expect(owner.delete(&format!("/conversations/{id}/members/{}", cast.person(Removed).id())).await);
        expect(owner.put(&format!("/conversations/{id}/bans/{}", cast.person(Banned).id()), json!({})).await);
        let details =
            json!({ "name": self.word(cast, "roomname"), "description": self.word(cast, "roomabout") });
        expect(owner.patch(&format!("/conversations/{id}"), details).await);
        cast.person(Pending).follows(&code).await;

        let text = self.says(cast, Member, id, "roomtext").await;
        self.set("text", text);
        let text = self.says(cast, Owner, id, "roomtext").await;
        self.set("ownertext", text);
        let edited = self.says(cast, Member, id, "roomtext").await;
        expect(
            member
                .patch(&format!("/messages/{edited}"), json!({ "body": self.word(cast, "roomtext") }))
                .await,
        );
        self.set("edited", edited);
        let gone = self.says(cast, Member, id, "gone").await;
        expect(member.delete(&format!("/messages/{gone}")).await);
        self.set("gone", gone);
        let invites: Value = owner.get(&format!("/conversations/{id}/invites")).await.expect(200);
        self.set("invite", &invites["invites"][0]["id"]);
        self.set("room", id);
        self.set("code", code);
        self.set("opencode", open);
    }

    /// A room that can only be read any more.
    async fn archived(&mut self, cast: &Cast) {
        let owner = cast.person(Owner);
        let (id, code) = self.makes(cast, Owner, "roomname").await;
        let open = self.opens(cast, id).await;
        for actor in [Member, Moderator].into_iter().chain(self.with_disabled.then_some(Disabled)) {
            cast.person(actor).follows(&open).await;
        }
        expect(
            owner
                .patch(
                    &format!("/conversations/{id}/members/{}", cast.person(Moderator).id()),
                    json!({ "role": "moderator" }),
                )
                .await,
        );
        expect(owner.put(&format!("/conversations/{id}/bans/{}", cast.person(Banned).id()), json!({})).await);
        cast.person(Pending).follows(&code).await;
        let text = self.says(cast, Member, id, "roomtext").await;
        expect(owner.patch(&format!("/conversations/{id}"), json!({ "archived": true })).await);
        let invites: Value = owner.get(&format!("/conversations/{id}/invites")).await.expect(200);
        self.set("archiveinvite", &invites["invites"][0]["id"]);
        self.set("archivetext", text);
        self.set("archivecode", code);
        self.set("archived", id);
    }

    /// The chat of member and owner: there is one for each two, so only what is said in it is new.
    async fn direct(&mut self, cast: &Cast) {
        let id = cast.person(Member).talks_to(cast.person(Owner)).await;
        let text = self.says(cast, Member, id, "directtext").await;
        self.set("directtext", text);
        self.set("direct", id);
    }

    async fn general(&mut self, cast: &Cast) {
        let text = self.says(cast, Member, GENERAL, "generaltext").await;
        self.set("generaltext", text);
        self.set("general", GENERAL);
    }

    /// The neighbour's room. Its open invite went round, so its card is anybody's; what is said there is not.
    async fn garden(&mut self, cast: &Cast) {
        let neighbour = cast.person(Neighbour);
        let created: CreatedConversation =
            neighbour.post("/conversations", json!({ "kind": "room", "name": "Garden" })).await.expect(201);
        let id = created.conversation.details.id;
        let text = self.says(cast, Neighbour, id, "gardentext").await;
        self.set("gardentext", text);
        self.set("gardeninvite", created.invite.as_ref().unwrap().id);
        self.set("gardencode", created.invite.unwrap().code.unwrap());
        self.set("garden", id);
    }

    /// Somebody who has nothing to do with anybody.
    async fn newcomer(&mut self, cast: &Cast) {
        let name = format!("fresh{}", cast.number());
        let body = json!({ "username": name, "password": PASSWORD });
        let made: SignedIn = cast.world.stranger().post("/api/v1/accounts", body).await.expect(201);
        let body = json!({ "login": name, "password": PASSWORD, "token_kind": "jwt" });
        let signed_in: SignedIn = cast.world.stranger().post("/api/v1/sessions", body).await.expect(201);
        let client = cast.world.stranger().with("authorization", &format!("Bearer {}", made.token));
        let sessions: Value = client.get("/api/v1/sessions").await.expect(200);
        self.set("newcomersession", &sessions["sessions"][0]["id"]);
        self.set("newcomer", made.account.account.id);
        self.set("newcomername", name);
        self.set("refresh", signed_in.refresh_token.unwrap());
    }

    async fn says(&self, cast: &Cast, actor: Actor, id: ConversationId, kind: &str) -> protocol::MessageId {
        let sent: SentMessage = cast.person(actor).says(id, &self.word(cast, kind)).await;
        sent.message.id
    }

    /// An invite by which one is in at once.
    async fn opens(&self, cast: &Cast, id: ConversationId) -> String {
        let code = cast.person(Owner).opens_door(id).await;
        self.keeps(cast, &code);
        code
    }

    /// A code is the owner's secret, but for where everybody follows it.
    fn keeps(&self, cast: &Cast, code: &str) {
        if !self.lets_in {
            cast.keeps_secret(code, &[Owner]);
        }
    }

    async fn makes(&mut self, cast: &Cast, owner: Actor, kind: &str) -> (ConversationId, String) {
        let body =
            json!({ "kind": "room", "name": self.word(cast, kind), "description": self.word(cast, kind) });
        let created: CreatedConversation = cast.person(owner).post("/conversations", body).await.expect(201);
        let code = created.invite.unwrap().code.unwrap();
        self.keeps(cast, &code);
        (created.conversation.details.id, code)
    }

    /// All that can be seen of what is here, of the accounts and of who asks: it is the same as before where nothing was done.
    pub async fn state(&self, cast: &Cast, actor: Actor) -> Vec<String> {
        let mut all = Vec::new();
        for (name, reader) in [
            ("room", Owner),
            ("archived", Owner),
            ("direct", Member),
            ("general", Member),
            ("garden", Neighbour),
        ] {
            if !self.values.contains_key(name) {
                continue;
            }
            let path = format!("/conversations/{}", self.id(name));
            let mut paths = vec![path.clone(), format!("{path}/messages?limit=200")];
            if name != "general" {
                paths.push(format!("{path}/changes?since=0"));
            }
            if !matches!(name, "general" | "direct") {
                let lists =
                    ["members?state=active", "members?state=pending", "members?state=banned", "invites"];
                paths.extend(lists.iter().map(|list| format!("{path}/{list}")));
            }
            look(cast.person(reader), &paths, &mut all).await;
            if actor.is_signed_in() {
                look(cast.person(actor), &[path], &mut all).await;
            }
        }
        let admin =
            [DONE, "/conversations/1/invites", "/server", "/admin/accounts?kind=guest"].map(str::to_owned);
        look(cast.person(Administrator), &admin, &mut all).await;
        if let Some(newcomer) = self.values.get("newcomername") {
            look(cast.person(Administrator), &[format!("/admin/accounts?query={newcomer}")], &mut all).await;
        }
        if actor.is_signed_in() {
            let own = ["/me", "/sessions", "/me/identities"].map(str::to_owned);
            look(cast.person(actor), &own, &mut all).await;
            if self.with_list {
                look(cast.person(actor), &["/conversations".to_owned()], &mut all).await;
            }
        }
        all
    }
}

/// The last thing that somebody did; what they only tried, and reading the log itself, is left out.
fn last_deed(log: &str) -> String {
    let log: Value = serde_json::from_str(log).unwrap();
    let is_deed = |entry: &&Value| !TRIES.iter().any(|tried| entry["action"] == *tried);
    log["entries"].as_array().unwrap().iter().find(is_deed).unwrap().to_string()
}

async fn look(person: &Person, paths: &[String], all: &mut Vec<String>) {
    for path in paths {
        let reply = person.get(path).await;
        // What an error is called by is another with each.
        let text = match reply.status.is_success() {
            true if path == DONE => last_deed(&reply.text()),
            true => reply.text(),
            false => String::new(),
        };
        all.push(format!("{path} {} {text}", reply.status));
    }
}

#[track_caller]
fn expect(reply: crate::client::Reply) {
    assert!(reply.status.is_success(), "{} {}", reply.status, reply.text());
}
