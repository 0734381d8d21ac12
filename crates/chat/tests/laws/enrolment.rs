//! Signing up by the doors of other systems.

use crate::people::{World, administrator, client};
use chat::{
    enrolment::{self, Enrolment},
    sessions,
};
use protocol::{
    Account, Dialect, ErrorCode,
    api::{Registration, UpdateServer},
};

async fn enrol(world: &World, with: Enrolment) -> chat::Result<Account> {
    enrolment::enrol(&world.chat, &client(), Dialect::Chatroom, with).await
}

fn somebody(name: &str, email: &str) -> Enrolment {
    Enrolment {
        display_name: Some(name.into()),
        email: Some(email.into()),
        password: "correct horse battery".into(),
        ..Enrolment::default()
    }
}

#[tokio::test]
async fn a_username_is_made_from_the_name_that_was_given() {
    let world = World::new().await;
    for (name, email, username) in [
        ("Sita Rai", "a@example.org", "Sita_Rai"),
        ("sita rai", "b@example.org", "sita_rai2"),
        ("Sita Rai", "c@example.org", "Sita_Rai3"),
        ("🦊", "d@example.org", "person2"),
        ("ann", "e@example.org", "ann2"),
    ] {
        let made = enrol(&world, somebody(name, email)).await.unwrap();
        assert_eq!((made.username.as_str(), made.display_name.as_str()), (username, name));
    }
    let nameless = Enrolment { display_name: None, ..somebody("", "ramesh@example.org") };
    assert_eq!(enrol(&world, nameless).await.unwrap().username, "ramesh");
}

#[tokio::test]
async fn what_is_taken_is_refused_by_its_name_and_what_was_chosen_is_not_changed() {
    let world = World::new().await;
    let phone = |name: &str, number: &str| Enrolment {
        phone: Some(number.into()),
        ..somebody(name, &format!("{name}@example.org"))
    };
    enrol(&world, phone("one", "9800000001")).await.unwrap();
    let code = async |with: Enrolment| enrol(&world, with).await.unwrap_err().code;
    assert_eq!(code(phone("two", "+9800000001")).await, ErrorCode::PhoneTaken);
    assert_eq!(code(phone("two", "call me")).await, ErrorCode::InvalidRequest);
    assert_eq!(code(somebody("two", "ONE@example.org")).await, ErrorCode::EmailTaken);
    let chosen = Enrolment { username: Some("ann".into()), ..somebody("Ann", "ann@example.org") };
    assert_eq!(code(chosen).await, ErrorCode::UsernameTaken);
    let short = Enrolment { password: "short".into(), ..somebody("two", "two@example.org") };
    assert_eq!(code(short).await, ErrorCode::InvalidRequest);
}

#[tokio::test]
async fn a_token_for_another_system_is_good_for_days_and_ends_with_its_session() {
    let world = World::new().await;
    let chat = &world.chat;
    enrol(&world, somebody("Sita", "sita@example.org")).await.unwrap();
    let (login, password) = ("SITA@example.org".to_owned(), "correct horse battery".to_owned());
    let signed = sessions::sign_in_for_long(chat, &client(), login, password).await.unwrap();
    assert_eq!(signed.token.split('.').count(), 3, "a JWT");
    let caller = chat::auth::authenticate(chat, &signed.token).await.unwrap();
    let days = (signed.expires_at.0 - caller.account.created_at.0) / (24 * 3600 * 1000);
    assert!((6..=7).contains(&days), "{days}");
    sessions::sign_out(chat, &caller).await.unwrap();
    assert!(chat::auth::authenticate(chat, &signed.token).await.is_err());
}

#[tokio::test]
async fn nobody_signs_up_by_a_side_door_when_registration_is_not_open() {
    let world = World::new().await;
    let boss = administrator(&world.chat).await;
    for (mode, code) in [
        (Registration::Closed, ErrorCode::RegistrationClosed),
        (Registration::Invite, ErrorCode::InviteRequired),
    ] {
        let with = UpdateServer { registration: Some(mode) };
        chat::server::update(&world.chat, &boss, with).await.unwrap();
        assert_eq!(enrol(&world, somebody("x y", "x@example.org")).await.unwrap_err().code, code);
    }
}
