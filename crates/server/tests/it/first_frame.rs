//! `/ws/{x}`, which two apps have: what the address suggests holds until the first frame says otherwise.

use crate::{app_page::Page, socket_client::Connection, world::World};
use futures_util::SinkExt;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn a_first_frame_in_the_words_of_the_other_app_changes_the_connection_over() {
    let world = World::sqlite(&[]).await;
    let (sita, omar) = (world.sign_up("sita").await, world.sign_up("omar").await);
    let (address, token) = (world.server().address(), &sita.token);
    let number = sita.me.account.id;

    // A client of ChatApp whose code is a number; it may also bring one as its first word.
    let query = format!("?token={token}");
    let mut page = Page::open(address, &number.to_string(), "sita", &query, &[]).await.unwrap();
    omar.says(protocol::ids::GENERAL, "before anybody spoke").await;
    assert_eq!(
        page.hears().await,
        format!(r#"{{"content":"before anybody spoke","sender_id":{}}}"#, omar.id()),
        "a line as any other"
    );
    page.creates("hello").await;
    assert_eq!(page.hears().await, format!("{number}: hello:sita"));
    page.edits("hello", "hello, you").await;
    assert_eq!(page.hears().await, "Updated message:1:hello, you:sita");

    // A client of Chatter-Box that puts a name where a number belongs.
    let mut boxer = Connection::at(address, &format!("/ws/sita?token={token}"), &[]).await.unwrap();
    boxer.says(json!({ "content": "in a frame" })).await;
    assert_eq!(boxer.next().await.unwrap(), json!({ "content": "in a frame", "sender_id": number.0 }));
    assert_eq!(page.hears().await, format!("{number}: in a frame:sita"));
    world.end().await;
}

#[tokio::test]
async fn a_connection_changes_over_once_and_not_when_it_said_what_it_speaks() {
    let world = World::sqlite(&[]).await;
    let sita = world.sign_up("sita").await;
    let (address, token, number) = (world.server().address(), &sita.token, sita.me.account.id);

    let mut page = Page::open(address, "code", "sita", &format!("?token={token}"), &[]).await.unwrap();
    page.creates("one").await;
    assert_eq!(page.hears().await, "code: one:sita");
    page.sends(r#"{"content":"two"}"#).await;
    assert_eq!(page.hears().await, r#"code: {"content":"two"}:sita"#, "a text like any other");

    let path = format!("/ws/{number}?proto=chatter_box&token={token}");
    let mut boxer = Connection::at(address, &path, &[]).await.unwrap();
    boxer.socket().send(Message::text("create:1: hello:sita")).await.unwrap();
    assert_eq!(boxer.next().await.unwrap()["code"], "malformed_json");
    world.end().await;
}
