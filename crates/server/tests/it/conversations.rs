//! General, direct chats, rooms, unread counts, catching up; and what outsiders are told, which is nothing.

use crate::{stories, world::Person};
use protocol::{
    Changes, ConversationDetails, ConversationId, ConversationKind, ConversationSummary,
    api::{ConversationList, CreatedConversation, ReadState},
    ids::GENERAL,
};
use serde_json::{Value, json};

async fn summary(person: &Person, id: ConversationId) -> ConversationSummary {
    person.get(&format!("/conversations/{id}")).await.expect(200)
}

stories! {
    async fn everybody_is_in_general_from_the_start(world) {
        let sita = world.sign_up("sita").await;
        let ramesh = world.sign_up("ramesh").await;
        sita.says(GENERAL, "hello").await;
        let list: ConversationList = ramesh.get("/conversations").await.expect(200);
        assert_eq!(list.conversations.len(), 1);
        let general = &list.conversations[0];
        assert_eq!((general.details.id, general.details.kind), (GENERAL, ConversationKind::General));
        assert_eq!((general.last_seq, general.unread), (1, 1));
        assert_eq!(ramesh.texts(GENERAL).await, ["hello"]);
    }

    async fn two_people_who_start_a_chat_at_once_get_the_same_one(world) {
        let sita = world.sign_up("sita").await;
        let ramesh = world.sign_up("ramesh").await;
        let (one, other) = tokio::join!(sita.talks_to(&ramesh), ramesh.talks_to(&sita));
        assert_eq!(one, other);
        let again = sita.post("/conversations", json!({ "kind": "direct", "account_id": ramesh.id() })).await;
        let again: CreatedConversation = again.expect(200);
        assert_eq!(again.conversation.details.id, one);
        assert_eq!(again.conversation.with.unwrap().username, "ramesh");
    }

    async fn a_direct_chat_needs_somebody_else(world) {
        let sita = world.sign_up("sita").await;
        let start = async |body: Value| sita.post("/conversations", body).await;
        start(json!({ "kind": "direct", "account_id": sita.id() })).await.expect_problem(422, "invalid_request");
        start(json!({ "kind": "direct" })).await.expect_problem(422, "invalid_request");
        start(json!({ "kind": "direct", "account_id": 999_999 })).await.expect_problem(404, "not_found");
        start(json!({ "kind": "general" })).await.expect_problem(409, "wrong_kind");
    }

    async fn unread_is_what_came_after_the_last_one_read_and_reading_never_goes_back(world) {
        let sita = world.sign_up("sita").await;
        let ramesh = world.sign_up("ramesh").await;
        for text in ["one", "two", "three"] {
            sita.says(GENERAL, text).await;
        }
        assert_eq!(summary(&sita, GENERAL).await.unread, 0, "one has read what one wrote");
        assert_eq!(summary(&ramesh, GENERAL).await.unread, 3);
        let read = async |seq: i64| -> ReadState {
            ramesh.put(&format!("/conversations/{GENERAL}/read"), json!({ "seq": seq })).await.expect(200)
        };
        let state = read(2).await;
        assert_eq!((state.read_seq, state.unread), (2, 1));
        assert_eq!(read(1).await.read_seq, 2);
        assert_eq!(read(1000).await.read_seq, 3, "nobody has read what was not written");
    }

    async fn a_client_that_was_away_learns_each_thing_that_changed_once(world) {
        let sita = world.sign_up("sita").await;
        let first = sita.says(GENERAL, "first").await;
        let second = sita.says(GENERAL, "second").await;
        let since = second.message.rev;
        sita.patch(&format!("/messages/{}", first.message.id), json!({ "body": "first, better" })).await.expect_status(200);
        sita.patch(&format!("/messages/{}", first.message.id), json!({ "body": "first, best" })).await.expect_status(200);
        sita.delete(&format!("/messages/{}", second.message.id)).await.expect_status(200);
        let third = sita.says(GENERAL, "third").await;
        let changes: Changes = sita.get(&format!("/conversations/{GENERAL}/changes?since={since}")).await.expect(200);
        let seen: Vec<_> = changes.messages.iter().map(|message| message.body.as_deref()).collect();
        assert_eq!(seen, [Some("first, best"), None, Some("third")]);
        assert_eq!(changes.head, third.message.rev);
        assert!(!changes.has_more);
        let rest: Changes = sita.get(&format!("/conversations/{GENERAL}/changes?since={}", changes.head)).await.expect(200);
        assert!(rest.messages.is_empty());
    }

    async fn a_room_is_renamed_by_its_owner_and_read_only_when_archived(world) {
        let sita = world.sign_up("sita").await;
        let ramesh = world.sign_up("ramesh").await;
        let room = sita.gathers("Garden", &[&ramesh]).await;
        let path = format!("/conversations/{room}");
        ramesh.patch(&path, json!({ "name": "Ramesh's" })).await.expect_problem(403, "forbidden");
        let details: ConversationDetails = sita.patch(&path, json!({ "name": "Allotment" })).await.expect(200);
        assert_eq!(details.name.as_deref(), Some("Allotment"));
        let details: ConversationDetails = sita.patch(&path, json!({ "archived": true })).await.expect(200);
        assert!(details.archived_at.is_some());
        let send = json!({ "cid": "late", "body": "too late" });
        ramesh.post(&format!("{path}/messages"), send).await.expect_problem(409, "conversation_archived");
        ramesh.get(&format!("{path}/messages")).await.expect_status(200);
    }

    async fn whoever_is_not_in_a_conversation_cannot_tell_it_from_one_that_does_not_exist(world) {
        let sita = world.sign_up("sita").await;
        let ramesh = world.sign_up("ramesh").await;
        let outsider = world.sign_up("hari").await;
        let room = sita.gathers("Secret canary", &[&ramesh]).await;
        let direct = sita.talks_to(&ramesh).await;
        let message = sita.says(room, "canary text").await.message;
        let id = message.id;
        let nowhere = ConversationId(4_000_000);
        for conversation in [room, direct, nowhere] {
            let path = format!("/conversations/{conversation}");
            let replies = [
                outsider.get(&path).await,
                outsider.get(&format!("{path}/messages")).await,
                outsider.get(&format!("{path}/changes?since=0")).await,
                outsider.get(&format!("{path}/members")).await,
                outsider.get(&format!("{path}/invites")).await,
                outsider.post(&format!("{path}/messages"), json!({ "cid": "x", "body": "x" })).await,
                outsider.post(&format!("{path}/invites"), json!({})).await,
                outsider.put(&format!("{path}/read"), json!({ "seq": 1 })).await,
                outsider.patch(&format!("{path}/preferences"), json!({ "favourite": true })).await,
                outsider.patch(&path, json!({ "name": "Mine" })).await,
                outsider.put(&format!("{path}/bans/{}", sita.id()), json!({})).await,
                outsider.delete(&format!("{path}/members/{}", sita.id())).await,
                outsider.delete(&format!("{path}/members/me")).await,
                outsider.post(&format!("{path}/members/{}/approve", outsider.id()), json!({})).await,
            ];
            for reply in replies {
                reply.expect_problem(404, "not_a_member");
                assert!(!reply.text().contains("canary"));
            }
        }
        for path in [format!("/messages/{id}"), format!("/messages/{id}/edits"), "/messages/4000000".into()] {
            outsider.get(&path).await.expect_problem(404, "unknown_message");
        }
        outsider.patch(&format!("/messages/{id}"), json!({ "body": "x" })).await.expect_problem(404, "unknown_message");
        outsider.delete(&format!("/messages/{id}")).await.expect_problem(404, "unknown_message");
        outsider.put(&format!("/messages/{id}/reactions/%F0%9F%91%8D"), json!({})).await.expect_problem(404, "unknown_message");
        let list: ConversationList = outsider.get("/conversations").await.expect(200);
        assert_eq!(list.conversations.len(), 1);
    }
}
