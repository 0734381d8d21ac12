//! Sending, history, and changing what one sent.

use crate::{stories, world::PASSWORD};
use protocol::{
    Message, Page,
    api::{EditList, SentMessage},
    ids::GENERAL,
};
use serde_json::{Value, json};

stories! {
    async fn messages_are_numbered_without_gaps_and_read_in_that_order(world) {
        let sita = world.sign_up("sita").await;
        let ramesh = world.sign_up("ramesh").await;
        for number in 0..10 {
            let who = if number % 2 == 0 { &sita } else { &ramesh };
            who.says(GENERAL, &number.to_string()).await;
        }
        let page = sita.reads(GENERAL).await;
        let seqs: Vec<_> = page.messages.iter().map(|message| message.seq).collect();
        assert_eq!(seqs, (1..=10).collect::<Vec<_>>());
        assert!(!page.has_more);
    }

    async fn history_is_paged_in_both_directions(world) {
        let sita = world.sign_up("sita").await;
        for number in 1..=7 {
            sita.says(GENERAL, &number.to_string()).await;
        }
        let page = async |query: &str| -> (Vec<i64>, bool) {
            let page: Page = sita.get(&format!("/conversations/{GENERAL}/messages?{query}")).await.expect(200);
            (page.messages.iter().map(|message| message.seq).collect(), page.has_more)
        };
        assert_eq!(page("limit=3").await, (vec![5, 6, 7], true));
        assert_eq!(page("limit=3&before=5").await, (vec![2, 3, 4], true));
        assert_eq!(page("limit=3&before=2").await, (vec![1], false));
        assert_eq!(page("limit=3&after=0").await, (vec![1, 2, 3], true));
        assert_eq!(page("limit=3&after=6").await, (vec![7], false));
        let both = sita.get(&format!("/conversations/{GENERAL}/messages?before=2&after=1")).await;
        both.expect_problem(422, "invalid_request");
    }

    async fn sending_twice_stores_once_and_another_text_is_refused(world) {
        let sita = world.sign_up("sita").await;
        let ramesh = world.sign_up("ramesh").await;
        let path = format!("/conversations/{GENERAL}/messages");
        let body = json!({ "cid": "one", "body": "hello" });
        let first: SentMessage = sita.post(&path, &body).await.expect(201);
        let again: SentMessage = sita.post(&path, &body).await.expect(200);
        assert!(!first.dup && again.dup);
        assert_eq!(first.message, again.message);
        sita.post(&path, json!({ "cid": "one", "body": "other" })).await.expect_problem(409, "cid_reused");
        ramesh.post(&path, &body).await.expect_status(201);
        sita.delete(&format!("/messages/{}", first.message.id)).await.expect_status(200);
        let deleted: SentMessage = sita.post(&path, &body).await.expect(200);
        assert_eq!(deleted.message.body, None, "what was deleted stays deleted");
        assert_eq!(sita.reads(GENERAL).await.messages.len(), 2);
    }

    async fn the_same_message_sent_by_many_at_once_is_stored_once(world) {
        let sita = world.sign_up("sita").await;
        let path = format!("/conversations/{GENERAL}/messages");
        let sends: Vec<_> = (0..16).map(|_| {
            let (sita, path) = (sita.clone(), path.clone());
            tokio::spawn(async move { sita.post(&path, json!({ "cid": "same", "body": "hello" })).await })
        }).collect();
        let mut made = 0;
        for send in sends {
            let reply = send.await.unwrap();
            assert!(matches!(reply.status.as_u16(), 200 | 201), "{}", reply.text());
            made += u32::from(reply.status == 201);
        }
        assert_eq!(made, 1);
        assert_eq!(sita.reads(GENERAL).await.messages.len(), 1);
    }

    async fn ones_own_message_is_edited_and_what_it_said_before_is_kept(world) {
        let sita = world.sign_up("sita").await;
        let ramesh = world.sign_up("ramesh").await;
        let sent = sita.says(GENERAL, "helo").await.message;
        let path = format!("/messages/{}", sent.id);
        ramesh.patch(&path, json!({ "body": "mine" })).await.expect_problem(403, "forbidden");
        let edited: Message = sita.patch(&path, json!({ "body": "hello" })).await.expect(200);
        assert_eq!(edited.body.as_deref(), Some("hello"));
        assert!(edited.edited_at.is_some() && edited.rev > sent.rev && edited.seq == sent.seq);
        let edits: EditList = ramesh.get(&format!("{path}/edits")).await.expect(200);
        assert_eq!(edits.edits.iter().map(|edit| edit.body.as_str()).collect::<Vec<_>>(), ["helo"]);
    }

    async fn a_deleted_message_keeps_its_place_and_nothing_of_its_text(world) {
        let sita = world.sign_up("sita").await;
        let ramesh = world.sign_up("ramesh").await;
        let sent = sita.says(GENERAL, "canary one").await.message;
        let path = format!("/messages/{}", sent.id);
        sita.patch(&path, json!({ "body": "canary two" })).await.expect_status(200);
        ramesh.delete(&path).await.expect_problem(403, "forbidden");
        sita.delete(&path).await.expect_status(200);
        for reply in [
            ramesh.get(&path).await,
            ramesh.get(&format!("{path}/edits")).await,
            ramesh.get(&format!("/conversations/{GENERAL}/messages")).await,
            ramesh.get(&format!("/conversations/{GENERAL}/changes?since=0")).await,
            ramesh.get("/conversations").await,
        ] {
            assert!(reply.status.is_success(), "{}", reply.text());
            assert!(!reply.text().contains("canary"), "{}", reply.text());
        }
        sita.patch(&path, json!({ "body": "back" })).await.expect_problem(409, "message_deleted");
    }

    async fn a_reaction_is_put_once_and_taken_back(world) {
        let sita = world.sign_up("sita").await;
        let ramesh = world.sign_up("ramesh").await;
        let id = sita.says(GENERAL, "hello").await.message.id;
        let thumb = format!("/messages/{id}/reactions/%F0%9F%91%8D");
        for person in [&sita, &ramesh, &ramesh] {
            person.put(&thumb, json!({})).await.expect_status(200);
        }
        let message: Message = sita.get(&format!("/messages/{id}")).await.expect(200);
        assert_eq!(message.reactions.len(), 1);
        assert_eq!(message.reactions[0].emoji, "👍");
        assert_eq!(message.reactions[0].accounts, [sita.id(), ramesh.id()]);
        let message: Message = ramesh.delete(&thumb).await.expect(200);
        assert_eq!(message.reactions[0].accounts, [sita.id()]);
        sita.put(&format!("/messages/{id}/reactions/word"), json!({})).await.expect_problem(422, "invalid_request");
    }

    async fn a_reply_names_a_message_of_the_same_conversation(world) {
        let sita = world.sign_up("sita").await;
        let ramesh = world.sign_up("ramesh").await;
        let question = sita.says(GENERAL, "who?").await.message.id;
        let path = format!("/conversations/{GENERAL}/messages");
        let answer: SentMessage =
            ramesh.post(&path, json!({ "cid": "answer", "body": "me", "reply_to": question })).await.expect(201);
        assert_eq!(answer.message.reply_to, Some(question));
        let room = sita.makes_room("Garden").await.conversation.details.id;
        let elsewhere = json!({ "cid": "elsewhere", "body": "me", "reply_to": question });
        let problem = sita.post(&format!("/conversations/{room}/messages"), elsewhere).await.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "reply_to");
    }

    async fn a_message_has_the_promised_fields(world) {
        let sita = world.sign_up("sita").await;
        let sent = sita.says(GENERAL, "hello").await;
        let reply = sita.get(&format!("/messages/{}", sent.message.id)).await;
        let message: Value = reply.expect(200);
        assert_eq!(message["author"]["username"], "sita");
        for field in ["id", "conversation_id", "seq", "rev", "cid", "body", "created_at"] {
            assert!(!message[field].is_null(), "{field}: {message}");
        }
        for field in ["edited_at", "deleted_at", "reply_to"] {
            assert!(message.get(field).is_some_and(Value::is_null), "{field}: {message}");
        }
        assert_eq!(message["reactions"], json!([]));
        assert!(!reply.text().contains(PASSWORD));
    }

    async fn texts_in_any_script_come_back_as_they_were_sent(world) {
        let sita = world.sign_up("sita").await;
        let texts = ["नमस्ते 🙏🏽", "line one\nline two\ttab", "\"quoted\" \\ <b>&amp;</b>", "مرحبا", "👩‍👩‍👧‍👦", "a'; DROP TABLE messages;--"];
        for text in texts {
            sita.says(GENERAL, text).await;
        }
        assert_eq!(sita.texts(GENERAL).await, texts);
    }

    async fn a_message_that_cannot_be_taken_is_refused_with_its_field(world) {
        let sita = world.sign_up("sita").await;
        let path = format!("/conversations/{GENERAL}/messages");
        for (body, field) in [
            (json!({ "cid": "a", "body": "" }), "body"),
            (json!({ "cid": "a", "body": "   \n" }), "body"),
            (json!({ "cid": "a", "body": "x".repeat(10_001) }), "body"),
            (json!({ "cid": "a", "body": "nul \u{0}" }), "body"),
            (json!({ "cid": "", "body": "x" }), "cid"),
            (json!({ "cid": "with space", "body": "x" }), "cid"),
            (json!({ "cid": "x".repeat(65), "body": "x" }), "cid"),
            (json!({ "body": "x" }), "cid"),
            (json!({ "cid": 7, "body": "x" }), "cid"),
            (json!({ "cid": "a", "body": null }), "body"),
            (json!({ "cid": "a", "body": "x", "reply_to": "1" }), "reply_to"),
        ] {
            let problem = sita.post(&path, &body).await.expect_problem(422, "invalid_request");
            assert_eq!(problem["field"], field, "{body} {problem}");
        }
        assert!(sita.reads(GENERAL).await.messages.is_empty());
    }
}
