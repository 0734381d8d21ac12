//! Guests: whoever gives a name is the guest of that name, and no more than that.

use crate::people::{World, administrator, client};
use chat::{Caller, Chat, accounts, auth::guests, conversations, invites, messages};
use protocol::{
    AccountId, AccountKind, ConversationKind, Dialect, ErrorCode,
    api::{CreateConversation, SendMessage, UpdateAccount},
    ids::GENERAL,
};

async fn enter(chat: &Chat, name: &str) -> chat::Result<Caller> {
    guests::enter(chat, &client(), Dialect::Chatroom, name).await
}

async fn refused(chat: &Chat, name: &str) -> ErrorCode {
    enter(chat, name).await.unwrap_err().code
}

fn direct_with(account: AccountId) -> CreateConversation {
    let kind = ConversationKind::Direct;
    CreateConversation { kind, name: None, description: None, account_id: Some(account) }
}

fn words(cid: &str) -> SendMessage {
    SendMessage { cid: cid.into(), body: "words".into(), reply_to: None }
}

#[tokio::test]
async fn a_guest_speaks_in_general_and_is_marked_there() {
    let world = World::new().await;
    let eve = enter(&world.chat, "Eve Adams").await.unwrap();
    let said = messages::send(&world.chat, &eve, GENERAL, words("1")).await.unwrap().message;
    assert_eq!(said.author.kind, AccountKind::Guest);
    assert_eq!(
        (said.author.display_name.as_str(), said.author.username.as_str()),
        ("Eve Adams", "~Eve_Adams")
    );
    assert_eq!(said.dialect, Some(Dialect::Chatroom));
    let again = enter(&world.chat, " eve  adams ").await.unwrap();
    assert_eq!(
        (again.account.id, again.session),
        (eve.account.id, eve.session),
        "the same name is the same guest"
    );
}

#[tokio::test]
async fn a_guest_cannot_take_the_name_of_somebody_who_signed_up() {
    let world = World::new().await;
    let chat = &world.chat;
    let ann = &world.people[0].caller;
    let rename = protocol::api::UpdateMe { display_name: Some("Ann Arbor".into()), ..Default::default() };
    accounts::update_me(chat, ann, &client(), rename).await.unwrap();
    let number = ann.account.id.to_string();
    for name in ["ann", "ANN", " bob ", "Ann Arbor", "ann arbor", &number] {
        assert_eq!(refused(chat, name).await, ErrorCode::UsernameTaken, "{name:?}");
    }
    for name in ["Parlor", "you", "ADMIN"] {
        assert_eq!(refused(chat, name).await, ErrorCode::UsernameTaken, "{name:?} is the server's");
    }
    for name in ["", "  ", "\u{200B}", "a\u{202E}b", "eve:", "e: ve", "\u{410}nn Arbor", "🦊🦊"] {
        assert_eq!(refused(chat, name).await, ErrorCode::InvalidRequest, "{name:?}");
    }
    enter(chat, "99").await.unwrap();
}

#[tokio::test]
async fn a_guest_is_in_nobodys_way_and_loses_the_name_to_whoever_signs_up_with_it() {
    let world = World::new().await;
    enter(&world.chat, "fay").await.unwrap();
    let with = protocol::api::SignUp {
        username: "fay".into(),
        password: "fay's long password".into(),
        email: None,
        display_name: None,
        invite: None,
    };
    accounts::sign_up(&world.chat, &client(), with).await.unwrap();
    assert_eq!(refused(&world.chat, "fay").await, ErrorCode::UsernameTaken);
}

#[tokio::test]
async fn guests_make_no_rooms_follow_no_invites_and_have_chats_with_guests_only() {
    let world = World::new().await;
    let chat = &world.chat;
    let (ann, eve, gus) =
        (&world.people[0].caller, enter(chat, "eve").await.unwrap(), enter(chat, "gus").await.unwrap());
    let room = CreateConversation {
        kind: ConversationKind::Room,
        name: Some("x".into()),
        ..direct_with(AccountId(1))
    };
    assert_eq!(conversations::create(chat, &eve, room).await.unwrap_err().code, ErrorCode::Forbidden);
    let followed = invites::join(chat, &eve, &client(), &world.open_code).await;
    assert_eq!(followed.unwrap_err().code, ErrorCode::Forbidden);
    assert_eq!(
        messages::send(chat, &eve, world.room, words("1")).await.unwrap_err().code,
        ErrorCode::NotAMember
    );
    for (from, to) in [(&eve, ann), (ann, &eve)] {
        let made = conversations::create(chat, from, direct_with(to.account.id)).await;
        assert_eq!(made.unwrap_err().code, ErrorCode::Forbidden);
    }
    conversations::create(chat, &eve, direct_with(gus.account.id)).await.unwrap();
    let found = accounts::find(chat, ann, "eve", None, None).await.unwrap();
    assert_eq!(found.accounts, [], "nobody finds a guest to write to");
}

#[tokio::test]
async fn a_guest_who_was_shut_out_does_not_come_back_under_the_name() {
    let world = World::new().await;
    let chat = &world.chat;
    let eve = enter(chat, "eve").await.unwrap();
    let boss = administrator(chat).await;
    let out = UpdateAccount { role: None, deactivated: Some(true) };
    chat::administration::update(chat, &boss, eve.account.id, out).await.unwrap();
    assert_eq!(refused(chat, "eve").await, ErrorCode::AccountDeactivated);
    assert_eq!(
        messages::send(chat, &eve, GENERAL, words("1")).await.unwrap_err().code,
        ErrorCode::AccountDeactivated
    );
}

#[tokio::test]
async fn guests_come_back_as_often_as_they_like_and_new_names_are_counted() {
    let world = World::with_limits(|limits| limits.guests_per_address = chat::Rate::new(1, 3600, 1)).await;
    for _ in 0..5 {
        enter(&world.chat, "eve").await.unwrap();
    }
    assert_eq!(refused(&world.chat, "gus").await, ErrorCode::RateLimited);
    assert_eq!(refused(&world.chat, "ann").await, ErrorCode::RateLimited, "so nobody tries out who is here");
    enter(&world.chat, "eve").await.unwrap();
}

#[tokio::test]
async fn there_are_only_so_many_guests_and_each_sends_only_so_much() {
    let world = World::with_limits(|limits| {
        limits.guests_max = 2;
        limits.sends_per_guest = chat::Rate::new(1, 3600, 2);
    })
    .await;
    let eve = enter(&world.chat, "eve").await.unwrap();
    enter(&world.chat, "gus").await.unwrap();
    assert_eq!(refused(&world.chat, "one too many").await, ErrorCode::LimitReached);
    enter(&world.chat, "eve").await.unwrap();
    for cid in ["1", "2"] {
        messages::send(&world.chat, &eve, GENERAL, words(cid)).await.unwrap();
    }
    assert_eq!(
        messages::send(&world.chat, &eve, GENERAL, words("3")).await.unwrap_err().code,
        ErrorCode::RateLimited
    );
}
