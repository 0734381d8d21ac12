//! Who lives in a world: accounts with their devices, and the rooms that they meet in.

use crate::{http::ask, world::Shared};
use protocol::{AccountId, ConversationId, api::SignedIn};
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse battery";

/// What everybody knows.
#[derive(Clone, Debug, Default)]
pub struct Town {
    pub people: Vec<Person>,
    /// The first person owns them all. With the code that leads in, and whether one asks first.
    pub rooms: Vec<(ConversationId, String)>,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub id: AccountId,
    /// One for each device.
    pub tokens: Vec<String>,
}

/// Makes a town through the first node's door: so many people, so many devices in all, two rooms and a direct chat.
pub async fn settle(world: &Shared, people: u64, devices: u64) -> Town {
    let mut town = Town::default();
    for number in 0..people {
        let body = json!({ "username": format!("person{number}"), "password": PASSWORD });
        let signed_in = sign(world, "/accounts", body).await;
        town.people.push(Person { id: signed_in.account.account.id, tokens: vec![signed_in.token] });
    }
    for number in people..devices {
        let person = number % people;
        let body = json!({ "login": format!("person{person}"), "password": PASSWORD });
        let token = sign(world, "/sessions", body).await.token;
        town.people[usize::try_from(person).unwrap()].tokens.push(token);
    }
    let owner = town.people[0].tokens[0].clone();
    for (name, needs_approval) in [("Open", false), ("Asking", true)] {
        let made = must(world, &owner, "/conversations", json!({ "kind": "room", "name": name })).await;
        let id = ConversationId(made["conversation"]["id"].as_i64().unwrap());
        let invite = json!({ "needs_approval": needs_approval });
        let invite = must(world, &owner, &format!("/conversations/{id}/invites"), invite).await;
        town.rooms.push((id, invite["code"].as_str().unwrap().to_owned()));
    }
    let other = town.people[1].id;
    must(world, &owner, "/conversations", json!({ "kind": "direct", "account_id": other })).await;
    town
}

async fn sign(world: &Shared, path: &str, body: Value) -> SignedIn {
    serde_json::from_value(must(world, "", path, body).await).unwrap()
}

async fn must(world: &Shared, token: &str, path: &str, body: Value) -> Value {
    let answer = ask(world, token, "POST", path, body).await;
    match answer {
        Some((200..=299, value)) => value,
        other => panic!("{path}: {other:?}"),
    }
}
