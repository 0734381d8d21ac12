//! What one sets for a conversation: on all devices, and nobody else's business.

use crate::{
    socket_client::Connection,
    stories,
    world::{Person, World},
};
use protocol::{ConversationId, ConversationSummary, Timestamp, ids::GENERAL};
use serde_json::{Value, json};

const YEAR_MS: i64 = 365 * 24 * 3600 * 1000;

fn usual() -> Value {
    json!({ "notify": "usual", "muted_until": null, "favourite": false, "unread_from": null })
}

async fn sets(person: &Person, id: ConversationId, change: Value) -> Value {
    person.patch(&format!("/conversations/{id}/preferences"), change).await.expect(200)
}

async fn shown(person: &Person, id: ConversationId) -> Value {
    let summary: Value = person.get(&format!("/conversations/{id}")).await.expect(200);
    summary["preferences"].clone()
}

/// So many years from now by the machine's clock.
fn in_years(years: i64) -> Timestamp {
    chat::Clock::System.now().plus_ms(years * YEAR_MS)
}

/// The preferences of the next frame that tells of some.
async fn told(connection: &mut Connection, id: ConversationId) -> Value {
    let frame = connection.hears("preferences").await;
    assert_eq!(frame["conversation"], json!(id), "{frame}");
    frame["preferences"].clone()
}

stories! {
    async fn what_one_device_sets_the_other_shows(world) {
        let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
        let room = sita.gathers("garden", &[&ram]).await;
        let direct = sita.talks_to(&ram).await;
        let phone = world.sign_in("sita").await;
        let mut on_phone = phone.connects().await;
        for summary in on_phone.welcome["conversations"].as_array().unwrap() {
            assert_eq!(summary["preferences"], usual(), "{summary}");
        }
        let mut at_desk = sita.connects().await;
        let until = in_years(1);
        for id in [GENERAL, direct, room] {
            let mut expected = usual();
            for (field, value) in [("notify", json!("mentions")), ("favourite", json!(true)), ("muted_until", json!(until))] {
                expected[field] = value.clone();
                assert_eq!(sets(&sita, id, json!({ field: value })).await, expected, "what is absent stays");
                assert_eq!(told(&mut on_phone, id).await, expected);
                assert_eq!(told(&mut at_desk, id).await, expected, "the device that set it too");
            }
            assert_eq!(shown(&phone, id).await, expected);
            expected["muted_until"] = Value::Null;
            assert_eq!(sets(&phone, id, json!({ "muted_until": null })).await, expected);
            assert_eq!(told(&mut at_desk, id).await, expected);
            assert_eq!(told(&mut on_phone, id).await, expected);
            assert_eq!(shown(&ram, id).await, usual(), "his are his");
        }
        drop(on_phone);
        let on_phone = phone.connects().await;
        for summary in on_phone.welcome["conversations"].as_array().unwrap() {
            assert_eq!((&summary["preferences"]["notify"], &summary["preferences"]["favourite"]), (&json!("mentions"), &json!(true)));
        }
    }

    async fn two_devices_that_set_things_at_once_agree_in_the_end(world) {
        let sita = world.sign_up("sita").await;
        let phone = world.sign_in("sita").await;
        let (mut at_desk, mut on_phone) = (sita.connects().await, phone.connects().await);
        let choices = ["all", "mentions", "nothing"];
        for round in 0..10 {
            let notify = sets(&sita, GENERAL, json!({ "notify": choices[round % 3] }));
            let favourite = sets(&phone, GENERAL, json!({ "favourite": round % 2 == 0 }));
            tokio::join!(notify, favourite);
        }
        sets(&sita, GENERAL, json!({ "muted_until": in_years(2) })).await;
        let stored = shown(&sita, GENERAL).await;
        for connection in [&mut at_desk, &mut on_phone] {
            let mut last = Value::Null;
            while last["muted_until"].is_null() {
                last = told(connection, GENERAL).await;
            }
            assert_eq!(last, stored);
        }
    }

    async fn nobody_else_hears_of_it_and_nothing_is_told_when_nothing_changed(world) {
        let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
        let room = sita.gathers("garden", &[&ram]).await;
        let before: ConversationSummary = sita.get(&format!("/conversations/{room}")).await.expect(200);
        let (mut hers, mut his) = (sita.connects().await, ram.connects().await);
        for change in [json!({ "favourite": true }), json!({ "favourite": true }), json!({}), json!({ "favourite": false })] {
            sets(&sita, room, change).await;
        }
        sita.says(room, "hello").await;
        let frame = his.hears_anything_but(&["presence", "receipt"]).await;
        assert_eq!(frame["type"], "message.created", "{frame}");
        assert_eq!(frame["rev"], json!(before.last_rev + 1), "preferences are no change of the room");
        assert!(told(&mut hers, room).await["favourite"].as_bool().unwrap());
        assert!(!told(&mut hers, room).await["favourite"].as_bool().unwrap(), "twice is once");
    }

    async fn whoever_leaves_and_comes_back_finds_what_they_had_set(world) {
        let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
        let room = sita.gathers("garden", &[&ram]).await;
        let set = sets(&ram, room, json!({ "notify": "nothing", "favourite": true })).await;
        ram.delete(&format!("/conversations/{room}/members/me")).await.expect_status(204);
        let path = format!("/conversations/{room}/preferences");
        ram.patch(&path, json!({ "favourite": false })).await.expect_problem(404, "not_a_member");
        let back = ram.follows(&sita.opens_door(room).await).await;
        assert_eq!(json!(back.conversation.unwrap().preferences), set);
    }

    async fn setting_something_for_general_reads_nothing(world) {
        let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
        sita.says(GENERAL, "hello").await;
        sets(&ram, GENERAL, json!({ "notify": "all" })).await;
        let summary: ConversationSummary = ram.get(&format!("/conversations/{GENERAL}")).await.expect(200);
        assert_eq!((summary.read_seq, summary.unread), (0, 1));
    }

    async fn what_one_marks_unread_looks_so_on_all_devices_and_counts_as_read(world) {
        let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
        let room = sita.gathers("garden", &[&ram]).await;
        for text in ["one", "two"] {
            sita.says(room, text).await;
        }
        let phone = world.sign_in("ram").await;
        let mut on_phone = phone.connects().await;
        for marked in [json!(1), json!(2), Value::Null, json!(2)] {
            let mut expected = usual();
            expected["unread_from"] = marked.clone();
            assert_eq!(sets(&ram, room, json!({ "unread_from": marked })).await, expected);
            assert_eq!(told(&mut on_phone, room).await, expected);
        }
        let summary: ConversationSummary = ram.get(&format!("/conversations/{room}")).await.expect(200);
        assert_eq!((summary.read_seq, summary.unread), (0, 2), "marking moves no receipt");
        assert_eq!(shown(&sita, room).await, usual(), "it is his alone");
        let path = format!("/conversations/{room}/preferences");
        for nowhere in [0, 3, -1] {
            let problem = ram.patch(&path, json!({ "unread_from": nowhere })).await.expect_problem(422, "invalid_request");
            assert_eq!(problem["field"], "unread_from", "{problem}");
        }
        assert_eq!(shown(&ram, room).await["unread_from"], json!(2), "nothing half done");
    }

    async fn what_cannot_be_set_is_refused_by_its_field(world) {
        let sita = world.sign_up("sita").await;
        let path = format!("/conversations/{GENERAL}/preferences");
        for (field, value) in [
            ("notify", json!("loud")),
            ("muted_until", json!("tomorrow")),
            ("muted_until", json!(1)),
            ("muted_until", json!(in_years(101))),
            ("favourite", json!("yes")),
            ("unread_from", json!("here")),
            ("unread_from", json!(1)),
        ] {
            let problem = sita.patch(&path, json!({ field: value })).await.expect_problem(422, "invalid_request");
            assert_eq!(problem["field"], field, "{problem}");
        }
        let both = json!({ "favourite": true, "muted_until": in_years(101) });
        sita.patch(&path, both).await.expect_problem(422, "invalid_request");
        assert_eq!(shown(&sita, GENERAL).await, usual(), "nothing half done");
        let past = json!({ "muted_until": "2001-01-01T00:00:00Z" });
        assert_eq!(sets(&sita, GENERAL, past).await, usual(), "what has passed mutes nothing");
        let far = in_years(99);
        assert_eq!(sets(&sita, GENERAL, json!({ "muted_until": far })).await["muted_until"], json!(far));
        sita.patch("/conversations/4000000/preferences", json!({})).await.expect_problem(404, "not_a_member");
        world.stranger().patch(&format!("/api/v1{path}"), json!({})).await.expect_problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn who_waits_at_the_door_has_nothing_to_set() {
    let world = World::sqlite(&[]).await;
    let (sita, ram) = (world.sign_up("sita").await, world.sign_up("ram").await);
    let made = sita.makes_room("garden").await;
    let room = made.conversation.details.id;
    ram.follows(&made.invite.unwrap().code.unwrap()).await;
    let path = format!("/conversations/{room}/preferences");
    ram.patch(&path, json!({ "favourite": true })).await.expect_problem(404, "not_a_member");
    world.end().await;
}
