//! Clients of the ChatApp.

use crate::{
    app_page::Page,
    stories,
    world::{PASSWORD, Person, World, eventually},
};
use axum::http::Method;
use protocol::{AccountKind, Dialect, Message, api::AccountList, ids::GENERAL};
use serde_json::json;

/// The page of somebody who came back from GitHub with a code and has a token.
async fn page_of(world: &World, person: &Person, code: &str) -> Page {
    let name = &person.me.account.username;
    let query = format!("?token={}", person.token);
    Page::open(world.server().address(), code, name, &query, &[]).await.unwrap()
}

/// A page in a browser that nobody signed in.
async fn guest_page(world: &World, code: &str, name: &str) -> Page {
    Page::open(world.server().address(), code, name, "", &[]).await.unwrap()
}

async fn messages(person: &Person) -> Vec<Message> {
    person.reads(GENERAL).await.messages
}

stories! {
    async fn what_is_created_edited_and_deleted_is_told_to_everyone_in_every_door(world) {
        let (alice, bob) = (world.sign_up("alice").await, world.sign_up("bob").await);
        let mut a = page_of(world, &alice, "codeA").await;
        let mut b = page_of(world, &bob, "codeB").await;
        let mut web = bob.connects().await;

        a.creates("hello").await;
        assert_eq!(a.hears().await, "codeA: hello:alice");
        assert_eq!(b.hears().await, "alice: hello:alice");
        let event = web.hears_event("message.created").await;
        assert_eq!((&event["message"]["body"], &event["message"]["dialect"]), (&json!("hello"), &json!("chat_app")));

        bob.says(GENERAL, "from the web").await;
        assert_eq!(a.hears().await, "bob: from the web:bob");
        assert_eq!(b.hears().await, "codeB: from the web:bob");

        a.edits("hello", "hello, you").await;
        assert_eq!(a.hears().await, "Updated message:0:hello, you:alice");
        assert_eq!(b.hears().await, "Updated message:0:hello, you:alice");
        // What was written elsewhere by the same account is one's own here too.
        b.edits("from the web", "from the page").await;
        assert_eq!(a.hears().await, "Updated message:1:from the page:bob");
        assert_eq!(alice.texts(GENERAL).await, ["hello, you", "from the page"]);

        a.deletes("hello").await;
        for page in [&mut a, &mut b] {
            page.hears_until("Message deleted:0").await;
            assert_eq!(page.lines.len(), 1, "{:?}", page.lines);
        }
        let stored = messages(&alice).await;
        assert_eq!((stored[0].body.as_deref(), stored[0].dialect), (None, Some(Dialect::ChatApp)));

        let id = stored[1].id;
        bob.patch(&format!("/messages/{id}"), json!({ "body": "edited on the web" })).await.expect_status(200);
        assert_eq!(a.hears().await, "Updated message:0:edited on the web:bob");
        bob.delete(&format!("/messages/{id}")).await.expect_status(200);
        assert_eq!(a.hears().await, "Message deleted:0");
        assert!(a.lines.is_empty());
    }
}

#[tokio::test]
async fn only_who_signed_in_comes_in_and_not_by_another_sites_page() {
    let world = World::sqlite(&[]).await;
    let sita = world.sign_up("sita").await;
    let address = world.server().address();
    let open = async |query: &str, headers: &[(&'static str, String)]| {
        Page::open(address, "codeS", "sita", query, headers).await.map(drop)
    };
    let reply =
        world.stranger().post("/api/v1/sessions", json!({ "login": "sita", "password": PASSWORD })).await;
    let cookie = ("cookie", reply.cookie());
    let own = ("origin", world.server().public_url().to_owned());
    assert_eq!(open("", &[]).await, Err(403));
    assert_eq!(open("?token=nonsense", &[]).await, Err(401));
    assert_eq!(open("", std::slice::from_ref(&cookie)).await, Err(403));
    assert_eq!(open("", &[cookie.clone(), ("origin", "https://evil.example".into())]).await, Err(403));
    assert_eq!(open("", &[cookie, own]).await, Ok(()));
    assert_eq!(open(&format!("?token={}", sita.token), &[]).await, Ok(()));
    assert_eq!(open("", &[("authorization", format!("Bearer {}", sita.token))]).await, Ok(()));
    world.end().await;

    let world = World::sqlite(&[("dialects", "off")]).await;
    let sita = world.sign_up("sita").await;
    let query = format!("?token={}", sita.token);
    let refused = Page::open(world.server().address(), "codeS", "sita", &query, &[]).await.map(drop);
    assert!(refused.is_err(), "{refused:?}");
    world.end().await;
}

#[tokio::test]
async fn a_text_with_colons_arrives_whole_and_is_edited_like_any_other() {
    let world = World::sqlite(&[]).await;
    let (alice, bob) = (world.sign_up("alice").await, world.sign_up("bob").await);
    bob.patch("/me", json!({ "display_name": "Bob: the 2nd" })).await.expect_status(200);
    let (mut a, mut b) = (page_of(&world, &alice, "codeA").await, page_of(&world, &bob, "codeB").await);
    a.creates("at 10:30: http://x/?a:b").await;
    assert_eq!(a.hears().await, "codeA: at 10:30: http://x/?a:b:alice");
    assert_eq!(b.hears().await, "alice: at 10:30: http://x/?a:b:alice");
    a.edits("10:30", "at 11:45: or so").await;
    assert_eq!(b.hears().await, "Updated message:0:at 11:45: or so:alice");
    assert_eq!(alice.texts(GENERAL).await, ["at 11:45: or so"]);
    // A name makes no field of its own.
    bob.says(GENERAL, "one: two").await;
    assert_eq!(a.hears_until("bob").await, "bob: one: two:Bob  the 2nd");
    // As the document writes it, without the space.
    a.sends("create:codeA:no space:alice").await;
    assert_eq!(b.hears_until("space").await, "alice: no space:alice");
    assert_eq!(alice.texts(GENERAL).await[2], "no space");
    drop((a, b));
    world.end().await;
}

#[tokio::test]
async fn each_page_counts_its_own_lines_and_every_edit_hits_what_was_meant() {
    let world = World::sqlite(&[]).await;
    let alice = world.sign_up("alice").await;
    let (bob, eve) = (world.sign_up("bob").await, world.sign_up("eve").await);
    let mut a = page_of(&world, &alice, "codeA").await;
    let gone = page_of(&world, &eve, "codeE").await;
    a.creates("first").await;
    a.hears_until("first").await;
    // A farewell, an answer to `read` and a raw text are lines too.
    gone.leaves().await;
    assert_eq!(a.hears().await, "Client #eve has left the chat");
    a.sends("read").await;
    assert_eq!(a.hears().await, "['codeA: first:alice']");
    a.sends("just so").await;
    assert_eq!(a.hears().await, "just so");
    // Who comes later begins with an empty page.
    let mut b = page_of(&world, &bob, "codeB").await;
    a.creates("second").await;
    a.hears_until("second").await;
    b.hears_until("second").await;
    b.creates("third").await;
    a.hears_until("third").await;
    b.hears_until("third").await;
    assert_eq!((a.lines.len(), b.lines.len()), (6, 2));

    a.edits("second", "2nd").await;
    assert_eq!(a.hears().await, "Updated message:4:2nd:alice");
    assert_eq!(b.hears().await, "Updated message:0:2nd:alice");
    b.edits("third", "3rd").await;
    assert_eq!(a.hears().await, "Updated message:5:3rd:bob");
    assert_eq!(b.hears().await, "Updated message:1:3rd:bob");
    // The late page knows nothing of the first line; the next frame that it hears is about another.
    a.edits(": first", "1st").await;
    assert_eq!(a.hears().await, "Updated message:0:1st:alice");
    a.deletes("2nd").await;
    assert_eq!(a.hears().await, "Message deleted:4");
    assert_eq!(b.hears().await, "Message deleted:0");
    // Those below have moved up.
    b.edits("3rd", "last").await;
    assert_eq!(b.hears().await, "Updated message:0:last:bob");
    assert_eq!(a.hears().await, "Updated message:4:last:bob");
    a.deletes("1st").await;
    assert_eq!(a.hears().await, "Message deleted:0");
    a.edits("just so", "raw no more").await;
    assert_eq!(a.hears().await, "Updated message:2:raw no more:alice");
    let texts: Vec<_> = messages(&alice).await.into_iter().map(|message| message.body).collect();
    assert_eq!(texts, [None, Some("raw no more".into()), None, Some("last".into())]);
    drop((a, b));
    world.end().await;
}

/// What somebody does next, the same at every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

#[tokio::test]
async fn pages_that_come_and_go_show_what_is_stored_whatever_is_done_on_them() {
    let world = World::sqlite(&[]).await;
    let clerk = world.sign_up("clerk").await;
    let people = [world.sign_up("ann").await, world.sign_up("bob").await, world.sign_up("cyd").await];
    let mut pages: Vec<Option<Page>> = vec![None, None, None];
    let mut dice = Dice(11);
    for round in 0..150 {
        let who = dice.throw(3);
        let own = people[who].me.account.username.clone();
        match pages[who].take() {
            None => pages[who] = Some(page_of(&world, &people[who], &format!("code{who}")).await),
            Some(page) if dice.throw(12) == 0 => page.leaves().await,
            Some(mut page) => {
                let mine: Vec<String> =
                    page.lines.iter().filter(|line| line.starts_with("code")).cloned().collect();
                let line = mine.get(dice.throw(mine.len().max(1))).cloned();
                match (dice.throw(6), line) {
                    (0, _) => page.sends("read").await,
                    (1, _) => page.sends(&format!("raw {round} of {own}")).await,
                    (2, Some(line)) => page.deletes(&line).await,
                    (3, Some(line)) => page.edits(&line, &format!("edit {round}: of {own}")).await,
                    _ => page.creates(&format!("text {round}: of {own}")).await,
                }
                pages[who] = Some(page);
            }
        }
        // What was done is done when everyone has heard something that was said after it. A farewell may come later and is
        // a line like any other.
        if let Some(page) = &mut pages[who] {
            page.creates(&format!("end {round}.")).await;
        } else {
            clerk.says(GENERAL, &format!("end {round}.")).await;
        }
        for page in pages.iter_mut().flatten() {
            page.hears_until(&format!("end {round}.")).await;
        }
    }
    let mut stored = Vec::new();
    let mut before = String::new();
    loop {
        let page: protocol::Page =
            clerk.get(&format!("/conversations/1/messages?limit=200{before}")).await.expect(200);
        before = format!("&before={}", page.messages[0].seq);
        stored.splice(0..0, page.messages);
        if !page.has_more {
            break;
        }
    }
    let mut lines = 0;
    for (person, page) in people.iter().zip(&pages) {
        let Some(page) = page else { continue };
        let said = |line: &&String| !line.starts_with('[') && !line.starts_with("Client #");
        let shown: Vec<String> = page
            .lines
            .iter()
            .filter(said)
            .map(|line| line.split_once(": ").map_or(line.as_str(), |(_, rest)| rest).to_owned())
            .collect();
        let texts: Vec<String> = stored
            .iter()
            .filter_map(|message| {
                let body = message.body.as_ref()?;
                let is_raw = body.starts_with("raw");
                Some(if is_raw { body.clone() } else { format!("{body}:{}", message.author.username) })
            })
            .collect();
        assert!(texts.ends_with(&shown), "{}: {shown:#?}\n{texts:#?}", person.me.account.username);
        lines += shown.len();
    }
    assert!(lines > 20, "{lines}");
    drop(pages);
    world.end().await;
}

#[tokio::test]
async fn other_peoples_messages_stay_as_they_are_and_nonsense_harms_nobody() {
    let world = World::sqlite(&[]).await;
    let (alice, bob) = (world.sign_up("alice").await, world.sign_up("bob").await);
    let (mut a, mut b) = (page_of(&world, &alice, "codeA").await, page_of(&world, &bob, "codeB").await);
    a.creates("mine").await;
    a.hears().await;
    b.hears().await;
    for frame in [
        "update:0:codeB:yours:bob",
        "update:0:codeA:yours:alice",
        "delete:0",
        "delete:abc",
        "delete:-1",
        "delete:",
        "delete:7",
        "delete:99999999999999999999",
        "update:-1:codeB:x:bob",
        "update:5:codeB:x:bob",
        "update:0",
        "update:",
        "create:",
        "create:codeB",
        "create:codeB: :bob",
        "create:codeB: \u{200b}:bob",
        "",
    ] {
        b.sends(frame).await;
    }
    b.sends(&format!("create:codeB: {}:bob", "x".repeat(20_000))).await;
    // The answer to all of that is the next thing that makes sense, for everyone.
    b.creates("still here").await;
    assert_eq!(b.hears().await, "codeB: still here:bob");
    assert_eq!(a.hears().await, "bob: still here:bob");
    assert_eq!(alice.texts(GENERAL).await, ["mine", "still here"]);
    drop((a, b));
    world.end().await;
}

#[tokio::test]
async fn the_code_in_the_address_is_told_to_nobody_else() {
    let world = World::sqlite(&[]).await;
    let (alice, bob) = (world.sign_up("alice").await, world.sign_up("bob").await);
    let (mut a, mut b) = (page_of(&world, &alice, "s3cretcode").await, page_of(&world, &bob, "codeB").await);
    a.creates("hello").await;
    b.hears().await;
    b.sends("read").await;
    b.hears().await;
    a.hears_until("hello").await;
    a.leaves().await;
    assert_eq!(b.hears().await, "Client #alice has left the chat");
    assert!(b.lines.iter().all(|line| !line.contains("s3cretcode")), "{:?}", b.lines);
    drop(b);
    world.end().await;
}

#[tokio::test]
async fn a_raw_text_is_a_message_too_and_cannot_pass_for_somebody_elses() {
    let world = World::sqlite(&[]).await;
    let (alice, eve) = (world.sign_up("alice").await, world.sign_up("eve").await);
    let (mut a, mut e) = (page_of(&world, &alice, "codeA").await, page_of(&world, &eve, "codeE").await);
    a.creates("mine").await;
    e.hears_until("mine").await;
    e.sends("hello everyone").await;
    assert_eq!(a.hears_until("every").await, "hello everyone");
    assert_eq!(e.hears().await, "hello everyone");
    for trick in ["alice: I resign:alice", "Message deleted:0", "Client #alice has left the chat"] {
        e.sends(trick).await;
        assert_eq!(a.hears().await, format!("eve: {trick}:eve"));
        e.hears().await;
    }
    // What begins so in another door is no raw text either.
    eve.says(GENERAL, "Message deleted:0").await;
    assert_eq!(a.hears().await, "eve: Message deleted:0:eve");
    assert_eq!(alice.texts(GENERAL).await.len(), 6);
    drop((a, e));
    world.end().await;
}

#[tokio::test]
async fn the_answer_to_read_is_a_list_as_python_writes_it() {
    let world = World::sqlite(&[]).await;
    let (alice, bob) = (world.sign_up("alice").await, world.sign_up("bob").await);
    let mut a = page_of(&world, &alice, "codeA").await;
    a.sends("read").await;
    assert_eq!(a.hears().await, "[]");
    for text in ["it's", "say \"it's\"", "a\\b\nc\td", "नमस्ते 😀"] {
        bob.says(GENERAL, text).await;
    }
    let gone = bob.says(GENERAL, "gone").await;
    bob.delete(&format!("/messages/{}", gone.message.id)).await.expect_status(200);
    alice.says(GENERAL, "mine").await;
    a.hears_until("mine").await;
    a.sends("read all of it").await;
    let list = a.hears().await;
    assert_eq!(
        list,
        r#"["bob: it's:bob", 'bob: say "it\'s":bob', 'bob: a\\b\nc\td:bob', 'bob: नमस्ते 😀:bob', 'codeA: mine:alice']"#
    );
    // Each costs a page of the history, so nobody reads on and on.
    for _ in 0..20 {
        a.sends("read").await;
    }
    assert!(a.hears_until(":Parlor").await.starts_with("Parlor: "));
    drop(a);
    world.end().await;
}

#[tokio::test]
async fn guests_are_let_in_where_the_installation_says_so_and_own_what_their_connection_wrote() {
    let world = World::sqlite(&[("dialects", "open")]).await;
    let alice = world.sign_up("alice").await;
    let mut g = guest_page(&world, "codeG", "gita").await;
    let mut other = guest_page(&world, "null", "gita").await;
    let mut signed = page_of(&world, &alice, "codeA").await;

    g.creates("hello").await;
    assert_eq!(g.hears().await, "codeG: hello:gita");
    assert_eq!(other.hears().await, "~gita: hello:gita (guest)");
    assert_eq!(signed.hears().await, "~gita: hello:gita (guest)");
    let stored = messages(&alice).await;
    assert_eq!(stored[0].author.kind, AccountKind::Guest);

    // The same name is the same guest, and not the same connection.
    other.edits("hello", "stolen").await;
    other.deletes("hello").await;
    signed.edits("hello", "stolen").await;
    other.creates("me too").await;
    assert_eq!(other.hears_until("too").await, "null: me too:gita");
    assert_eq!(g.hears().await, "~gita: me too:gita (guest)");
    g.edits(": hello", "hello again").await;
    assert_eq!(g.hears().await, "Updated message:0:hello again:gita");
    assert_eq!(signed.hears_until("again").await, "Updated message:0:hello again:gita (guest)");
    assert_eq!(alice.texts(GENERAL).await, ["hello again", "me too"]);

    // Nobody is somebody who signed up.
    g.user_name = "alice".into();
    g.creates("I am alice").await;
    let line = g.hears().await;
    assert!(line.starts_with("Parlor: This name belongs to somebody") && line.ends_with(":Parlor"), "{line}");
    g.user_name = "undefined".into();
    g.creates("and I am nobody").await;
    assert_eq!(g.hears().await, "codeG: and I am nobody:guest");
    g.sends("read").await;
    let list = g.hears().await;
    assert!(list.starts_with("['codeG: hello again:gita', '~gita: me too:gita (guest)'"), "{list}");
    g.deletes(": hello again").await;
    assert_eq!(g.hears().await, "Message deleted:0");
    g.leaves().await;
    assert_eq!(other.hears_until("left").await, "Client #~gita has left the chat");

    let found: AccountList = alice.get("/accounts").await.expect(200);
    assert_eq!(found.accounts.len(), 1, "guests are in no directory");
    drop((other, signed));
    world.end().await;
}

#[tokio::test]
async fn what_others_say_under_the_ids_of_a_guests_connection_is_not_the_guests() {
    let world = World::sqlite(&[("dialects", "open")]).await;
    let eve = world.sign_up("eve").await;
    let mut g = guest_page(&world, "codeG", "gita").await;
    g.creates("hello").await;
    assert_eq!(g.hears().await, "codeG: hello:gita");
    let cid = messages(&eve).await[0].cid.clone();
    let forged = json!({ "cid": format!("{cid}1"), "body": "I give up" });
    eve.post(&format!("/conversations/{GENERAL}/messages"), forged).await.expect_status(201);
    assert_eq!(g.hears().await, "eve: I give up:eve");
    drop(g);
    world.end().await;
}

#[tokio::test]
async fn who_is_shut_out_is_out_here_too() {
    let world = World::sqlite(&[]).await;
    let (admin, eve) = (world.administrator("asha").await, world.sign_up("eve").await);
    let (mut a, e) = (page_of(&world, &admin, "codeA").await, page_of(&world, &eve, "codeE").await);
    admin.patch(&format!("/accounts/{}", eve.id()), json!({ "deactivated": true })).await.expect_status(200);
    assert_eq!(a.hears_until("left").await, "Client #eve has left the chat");
    drop(e);
    let refused = Page::open(world.server().address(), "codeE", "eve", &format!("?token={}", eve.token), &[])
        .await
        .map(drop);
    assert!(refused.is_err(), "{refused:?}");
    world.end().await;
}

#[tokio::test]
async fn a_request_that_is_no_handshake_is_refused() {
    let world = World::sqlite(&[]).await;
    let sita = world.sign_up("sita").await;
    let reply = sita.client.send(Method::GET, "/ws/codeS", None).await;
    assert!(reply.status.is_client_error(), "{}", reply.text());
    eventually("the server goes on", async || sita.get("/me").await.status.is_success()).await;
    world.end().await;
}
