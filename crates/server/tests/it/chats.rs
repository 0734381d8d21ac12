//! The chats dialect: what its clients ask for and hear, in its own words, beside Parlor's API.

mod accounts;
mod history;
mod others;
mod rooms;
mod sockets;

use crate::{
    client::{Client, Reply},
    socket_client::Connection,
    world::{PASSWORD, World},
};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::http::Response;

/// Somebody with a client of this dialect.
#[derive(Clone, Debug)]
struct User {
    client: Client,
    id: i64,
    token: String,
    refresh_token: String,
}

impl User {
    /// Signs up and in, as the app's document tells it.
    async fn new(world: &World, username: &str) -> Self {
        let email = format!("{username}@example.org");
        let body = json!({ "username": username, "password": PASSWORD, "email": email });
        world.stranger().post("/auth/signup", body).await.expect_status(200);
        Self::signs_in(world, username).await
    }

    /// Signs in to an account that there is.
    async fn signs_in(world: &World, login: &str) -> Self {
        let body = json!({ "username": login, "password": PASSWORD });
        let signed_in: Value = world.stranger().post("/auth/login", body).await.expect(200);
        let token = signed_in["access_token"].as_str().unwrap().to_owned();
        Self {
            client: world.stranger().with("authorization", &format!("Bearer {token}")),
            id: signed_in["user"]["id"].as_i64().unwrap(),
            refresh_token: signed_in["refresh_token"].as_str().unwrap().to_owned(),
            token,
        }
    }

    async fn gets(&self, path: &str) -> Value {
        self.client.get(path).await.expect(200)
    }

    async fn posts(&self, path: &str, body: Value) -> Value {
        self.client.post(path, body).await.expect(200)
    }

    /// The id of the private chat with somebody.
    async fn chats_with(&self, other: &Self) -> i64 {
        self.posts("/chats/private", json!({ "receiver_id": other.id })).await["chat_id"].as_i64().unwrap()
    }

    /// Makes a room; gives its id and its link.
    async fn makes_room(&self, name: &str) -> (i64, String) {
        let body = json!({ "name": name, "description": "Where we talk" });
        let made = self.posts("/chats/room", body).await;
        (made["room_id"].as_i64().unwrap(), made["invite_link"].as_str().unwrap().to_owned())
    }

    /// Makes a room in which the others are too.
    async fn gathers(&self, name: &str, others: &[&Self]) -> i64 {
        let (room, link) = self.makes_room(name).await;
        for other in others {
            other.posts(&format!("/chats/room/{room}/join"), json!({ "invite_link": link })).await;
            self.posts(&format!("/chats/room/{room}/invite/approve"), json!({ "user_id": other.id })).await;
        }
        room
    }

    /// Opens a socket, with the token in the header.
    async fn connects(&self, path: &str) -> Connection {
        let headers = [("authorization", format!("Bearer {}", self.token))];
        Connection::at(self.client.address, path, &headers).await.unwrap()
    }

    /// The status and the body with which a socket is refused.
    async fn is_kept_out(&self, path: &str) -> (u16, Value) {
        let headers = [("authorization", format!("Bearer {}", self.token))];
        refusal(Connection::at(self.client.address, path, &headers).await.err())
    }
}

fn refusal(refused: Option<Box<Response<Option<Vec<u8>>>>>) -> (u16, Value) {
    let response = refused.expect("the socket was opened");
    let body = response.body().as_deref().unwrap_or_default();
    (response.status().as_u16(), serde_json::from_slice(body).unwrap_or_default())
}

impl Connection {
    /// The next frame that is a message.
    async fn hears_message(&mut self) -> Value {
        self.hears_type("message").await
    }

    /// The next frame of this type. Others before it are passed over, but for errors.
    async fn hears_type(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next().await.unwrap_or_else(|code| panic!("closed with {code:?} before {kind}"));
            assert!(frame["type"] != "error" || kind == "error", "{frame}");
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// Says something and waits until it is told back: whatever was to be told before has been.
    async fn says_and_hears(&mut self, content: &str) -> Value {
        self.says(json!({ "content": content })).await;
        loop {
            let frame = self.hears_message().await;
            if frame["content"] == content {
                return frame;
            }
        }
    }

    /// Everything that is told until this account's next word of its own comes back.
    async fn hears_until_own_word(&mut self, word: &str) -> Vec<Value> {
        self.says(json!({ "content": word })).await;
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await.unwrap_or_else(|code| panic!("closed with {code:?}"));
            if frame["content"] == word {
                return frames;
            }
            frames.push(frame);
        }
    }
}

/// A refusal in the form that these clients know, with this status and code.
#[track_caller]
fn refused(reply: &Reply, status: u16, code: &str) -> Value {
    let body: Value = reply.expect(status);
    assert_eq!(body["code"], code, "{body}");
    assert!(!body["detail"].is_null(), "{body}");
    assert_eq!(reply.header("content-type"), Some("application/json"));
    body
}
