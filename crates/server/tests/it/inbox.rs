//! The inbox: what others did that concerns one, from everywhere one is, and from nowhere else.

use crate::{
    stories,
    world::{Person, World, new_cid},
};
use protocol::{ConversationId, Inbox, InboxItem, MessageId, ids::GENERAL};
use serde_json::{Value, json};

async fn page(person: &Person, query: &str) -> Inbox {
    person.get(&format!("/inbox{query}")).await.expect(200)
}

async fn reacts(person: &Person, message: MessageId, emoji: &str) {
    let path = format!("/messages/{message}/reactions/{}", urlencoded(emoji));
    person.put(&path, json!({})).await.expect_status(200);
}

fn urlencoded(emoji: &str) -> String {
    emoji.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// An item in a few words: whose doing it is, and where.
fn told(item: &InboxItem) -> String {
    match item {
        InboxItem::Mention { message, .. } => {
            format!("{}: {}", message.author.username, message.body.as_deref().unwrap())
        }
        InboxItem::Reaction { message, emoji, account, .. } => {
            format!("{} {emoji} {}", account.username, message.body.as_deref().unwrap())
        }
    }
}

fn all_told(inbox: &Inbox) -> Vec<String> {
    inbox.items.iter().map(told).collect()
}

async fn says(person: &Person, id: ConversationId, text: &str) -> MessageId {
    person.says(id, text).await.message.id
}

stories! {
    async fn mentions_and_reactions_come_together_newest_first(world) {
        let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
        let room = sita.gathers("garden", &[&ram]).await;
        let direct = ram.talks_to(&sita).await;
        assert_eq!(page(&sita, "").await, Inbox { items: vec![], next: None });
        let mine = says(&sita, room, "mine @ram @sita").await;
        says(&ram, GENERAL, "one @sita").await;
        reacts(&ram, mine, "👍").await;
        says(&ram, direct, "two @sita").await;
        reacts(&ram, mine, "🎉").await;
        reacts(&sita, mine, "🎉").await;
        let theirs = says(&ram, room, "nothing for anybody").await;
        reacts(&sita, theirs, "👍").await;
        let inbox = page(&sita, "").await;
        assert_eq!(
            all_told(&inbox),
            ["ram 🎉 mine @ram @sita", "ram: two @sita", "ram 👍 mine @ram @sita", "ram: one @sita"],
            "one's own doing is not in it"
        );
        assert_eq!(inbox.next, None);
        assert_eq!(all_told(&page(&ram, "").await), ["sita 👍 nothing for anybody", "sita: mine @ram @sita"]);
        let raw: Value = sita.get("/inbox?limit=1").await.expect(200);
        let item = &raw["items"][0];
        assert_eq!((&item["kind"], &item["account"]["id"], &item["message"]["id"]), (&json!("reaction"), &json!(ram.id()), &json!(mine)));
    }

    async fn the_inbox_is_read_page_by_page_and_nothing_twice_while_more_comes(world) {
        let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
        let mine = says(&sita, GENERAL, "mine").await;
        for number in 0..5 {
            says(&ram, GENERAL, &format!("{number} @sita")).await;
            reacts(&ram, mine, ["👍", "🎉", "❤️", "👀", "🚀"][number]).await;
        }
        let whole = page(&sita, "").await.items;
        assert_eq!(whole.len(), 10);
        let mut items = Vec::new();
        let mut next = String::new();
        loop {
            let part = page(&sita, &format!("?limit=3{next}")).await;
            assert!(part.items.len() <= 3);
            items.extend(part.items);
            says(&ram, GENERAL, "meanwhile @sita").await;
            let Some(cursor) = part.next else { break };
            next = format!("&before={cursor}");
        }
        // What hangs on the messages is as it is now; which ones they are is what counts.
        assert_eq!(items.iter().map(told).collect::<Vec<_>>(), whole.iter().map(told).collect::<Vec<_>>());
    }

    async fn nothing_comes_from_where_one_is_not_or_no_longer(world) {
        let (sita, ram, hari) = (world.sign_up("sita").await, world.sign_up("ram").await, world.sign_up("hari").await);
        let room = sita.gathers("garden", &[&ram]).await;
        let his = says(&ram, room, "his").await;
        says(&sita, room, "hello @ram @hari").await;
        reacts(&sita, his, "👍").await;
        assert_eq!(all_told(&page(&ram, "").await), ["sita 👍 his", "sita: hello @ram @hari"]);
        assert_eq!(all_told(&page(&hari, "").await), Vec::<String>::new(), "not in the room");
        ram.delete(&format!("/conversations/{room}/members/me")).await.expect_status(204);
        let reply = ram.get("/inbox").await;
        assert_eq!(reply.expect::<Inbox>(200), Inbox { items: vec![], next: None });
        ram.follows(&sita.opens_door(room).await).await;
        assert_eq!(page(&ram, "").await.items.len(), 2, "back again");
        hari.follows(&sita.opens_door(room).await).await;
        assert_eq!(page(&hari, "").await.items.len(), 0, "who was not in was not named");
    }

    async fn what_is_deleted_taken_off_or_edited_away_is_gone(world) {
        let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
        let mine = says(&sita, GENERAL, "mine").await;
        let named = says(&ram, GENERAL, "@sita").await;
        let other = says(&ram, GENERAL, "you, @sita").await;
        reacts(&ram, mine, "👍").await;
        assert_eq!(page(&sita, "").await.items.len(), 3);
        ram.delete(&format!("/messages/{named}")).await.expect_status(200);
        ram.delete(&format!("/messages/{mine}/reactions/{}", urlencoded("👍"))).await.expect_status(200);
        assert_eq!(all_told(&page(&sita, "").await), ["ram: you, @sita"]);
        ram.patch(&format!("/messages/{other}"), json!({ "body": "nobody" })).await.expect_status(200);
        assert_eq!(page(&sita, "").await.items, []);
    }

    async fn an_edit_names_who_is_new_now_and_leaves_the_others_where_they_were(world) {
        let (sita, ram, hari) = (world.sign_up("sita").await, world.sign_up("ram").await, world.sign_up("hari").await);
        let early = says(&ram, GENERAL, "early @sita").await;
        says(&ram, GENERAL, "late @sita @hari").await;
        let path = format!("/messages/{early}");
        ram.patch(&path, json!({ "body": "early @sita @hari" })).await.expect_status(200);
        assert_eq!(all_told(&page(&sita, "").await), ["ram: late @sita @hari", "ram: early @sita @hari"]);
        assert_eq!(all_told(&page(&hari, "").await), ["ram: early @sita @hari", "ram: late @sita @hari"]);
    }

    async fn a_cursor_that_no_page_gave_is_refused(world) {
        let sita = world.sign_up("sita").await;
        for wrong in ["", "1", "1-2", "a-b-c", "1-2-3-4", "%2B1-2-3", "99999999999999999999-1-1"] {
            let problem = sita.get(&format!("/inbox?before={wrong}")).await.expect_problem(422, "invalid_request");
            assert_eq!(problem["field"], "before", "{wrong}");
        }
        let problem = sita.get("/inbox?limit=many").await.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "limit");
        world.stranger().get("/api/v1/inbox").await.expect_problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn who_left_a_busy_room_reads_on_past_what_is_no_longer_theirs() {
    let world = World::sqlite(&[]).await;
    let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
    let room = sita.gathers("garden", &[&ram]).await;
    says(&sita, GENERAL, "first @ram").await;
    let mut hers = sita.connects().await;
    for number in 0..510 {
        let cid = new_cid();
        hers.says(
            json!({ "op": "send", "cid": cid, "conversation": room, "body": format!("{number} @ram") }),
        )
        .await;
    }
    for _ in 0..510 {
        hers.hears("ack").await;
    }
    ram.delete(&format!("/conversations/{room}/members/me")).await.expect_status(204);
    let first = page(&ram, "").await;
    assert_eq!(first.items, [], "all that was looked at is behind a closed door");
    let second = page(&ram, &format!("?before={}", first.next.unwrap())).await;
    assert_eq!((all_told(&second), second.next), (vec!["sita: first @ram".to_owned()], None));
    world.end().await;
}
