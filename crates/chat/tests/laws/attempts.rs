//! What somebody tried, and what came of it: each of these went wrong once.

use crate::people::{self, World};
use chat::{
    Window, accounts, administration, auth, conversations, invites, memberships, messages, sessions, sync,
};
use protocol::{
    AccountRole, ConversationKind, ErrorCode, Event, MembershipState, ServerFrame,
    api::{
        ChangePassword, CreateConversation, CreateInvite, SendMessage, SetUp, SignIn, SignUp, TokenKind,
        UpdateAccount, UpdateMe,
    },
    ids::GENERAL,
};
use realtime::Delivery;

fn words(cid: &str) -> SendMessage {
    SendMessage { cid: cid.into(), body: "words".into(), reply_to: None }
}

fn sign_up(username: &str) -> SignUp {
    let password = format!("{username}'s long password");
    SignUp { username: username.into(), password, email: None, display_name: None, invite: None }
}

#[tokio::test]
async fn rights_and_names_are_what_they_are_now_and_not_what_a_connection_remembers() {
    let world = World::new().await;
    let chat = &world.chat;
    let [ann, bob, ..] = &world.people[..] else { unreachable!() };
    let boss = administration::create(
        chat,
        "boss".into(),
        "a long password".into(),
        None,
        AccountRole::Administrator,
    );
    let boss = boss.await.unwrap();
    let with = |role| UpdateAccount { role: Some(role), deactivated: None };
    let login =
        SignIn { login: "boss".into(), password: "a long password".into(), token_kind: TokenKind::Opaque };
    let boss_token = sessions::sign_in(chat, &people::client(), login).await.unwrap().token;
    let boss_caller = auth::authenticate(chat, &boss_token).await.unwrap();
    let ann_id = ann.caller.account.id;
    administration::update(chat, &boss_caller, ann_id, with(AccountRole::Administrator)).await.unwrap();
    let said = messages::send(chat, &bob.caller, GENERAL, words("one")).await.unwrap().message.id;
    // Ann's caller was made when she was a member, the boss's when there was one: both are old now.
    messages::delete(chat, &ann.caller, said).await.unwrap();
    let ann_now = auth::authenticate(chat, &people::token_of(chat, "ann").await).await.unwrap();
    administration::update(chat, &ann_now, boss.id, with(AccountRole::Member)).await.unwrap();
    let said = messages::send(chat, &bob.caller, GENERAL, words("two")).await.unwrap().message.id;
    let refused = messages::delete(chat, &boss_caller, said).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Forbidden);
    let refused =
        administration::update(chat, &boss_caller, ann_id, with(AccountRole::Member)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Forbidden);
    let rename = UpdateMe { display_name: Some("Robert".into()), ..UpdateMe::default() };
    accounts::update_me(chat, &bob.caller, &people::client(), rename).await.unwrap();
    let sent = messages::send(chat, &bob.caller, GENERAL, words("three")).await.unwrap();
    assert_eq!(sent.message.author.display_name, "Robert");
}

#[tokio::test]
async fn somebody_who_was_shut_out_posts_nothing_even_with_a_connection_that_does_not_know_yet() {
    let world = World::new().await;
    let bob = &world.people[1];
    administration::set_deactivated(&world.chat, "bob", true).await.unwrap();
    let refused = messages::send(&world.chat, &bob.caller, GENERAL, words("late")).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::AccountDeactivated);
}

#[tokio::test]
async fn the_link_for_the_first_administrator_is_closed_however_that_one_was_made() {
    let world = World::new().await;
    let code = world.chat.setup_code().await.unwrap().unwrap();
    let made = administration::create(
        &world.chat,
        "boss".into(),
        "a long password".into(),
        None,
        AccountRole::Administrator,
    );
    made.await.unwrap();
    let with = SetUp { code: code.clone(), account: sign_up("thief") };
    let refused = accounts::set_up(&world.chat, &people::client(), with.clone()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::SetupClosed);
    assert_eq!(world.chat.setup_code().await.unwrap(), None);
    let refused = accounts::set_up(&world.chat, &people::client(), with).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::SetupClosed);
}

#[tokio::test]
async fn of_many_who_use_the_first_administrators_link_at_once_one_becomes_it() {
    let world = World::new().await;
    let code = world.chat.setup_code().await.unwrap().unwrap();
    let attempts: Vec<_> = (0..8)
        .map(|number| {
            let with = SetUp { code: code.clone(), account: sign_up(&format!("runner{number}")) };
            let chat = world.chat.clone();
            tokio::spawn(async move { accounts::set_up(&chat, &people::client(), with).await })
        })
        .collect();
    let mut made = 0;
    for attempt in attempts {
        match attempt.await.unwrap() {
            Ok(signed) => {
                assert_eq!(signed.account.account.role, AccountRole::Administrator);
                made += 1;
            }
            Err(error) => assert_eq!(error.code, ErrorCode::SetupClosed),
        }
    }
    assert_eq!(made, 1);
}

#[tokio::test]
async fn whoever_leaves_last_archives_the_room_and_old_invites_lead_nowhere() {
    let world = World::new().await;
    let [ann, bob, ..] = &world.people[..] else { unreachable!() };
    memberships::leave(&world.chat, &ann.caller, world.room).await.unwrap();
    for code in [&world.open_code, &world.asking_code] {
        let refused = invites::join(&world.chat, &bob.caller, &people::client(), code).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::ConversationArchived);
    }
}

#[tokio::test]
async fn following_an_invite_again_gives_the_first_answer_even_after_its_last_use() {
    let world = World::new().await;
    let [ann, bob, cem, _] = &world.people[..] else { unreachable!() };
    let once = CreateInvite { needs_approval: false, max_uses: Some(1), expires_in_s: None };
    let code = invites::create(&world.chat, &ann.caller, world.room, once).await.unwrap().code.unwrap();
    for _ in 0..3 {
        let joined = invites::join(&world.chat, &bob.caller, &people::client(), &code).await.unwrap();
        assert_eq!(joined.state, MembershipState::Active);
    }
    let refused = invites::join(&world.chat, &cem.caller, &people::client(), &code).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InviteInvalid);
}

#[tokio::test]
async fn an_invite_to_general_is_kept_for_somebody_without_an_account() {
    let world = World::new().await;
    let boss = administration::create(
        &world.chat,
        "boss".into(),
        "a long password".into(),
        None,
        AccountRole::Administrator,
    );
    boss.await.unwrap();
    let login =
        SignIn { login: "boss".into(), password: "a long password".into(), token_kind: TokenKind::Opaque };
    let token = sessions::sign_in(&world.chat, &people::client(), login).await.unwrap().token;
    let boss = auth::authenticate(&world.chat, &token).await.unwrap();
    let once = CreateInvite { needs_approval: false, max_uses: Some(1), expires_in_s: None };
    let code = invites::create(&world.chat, &boss, GENERAL, once).await.unwrap().code.unwrap();
    let joined = invites::join(&world.chat, &boss, &people::client(), &code).await.unwrap();
    assert_eq!(joined.state, MembershipState::Active);
    let with = SignUp { invite: Some(code.clone()), ..sign_up("newcomer") };
    accounts::sign_up(&world.chat, &people::client(), with).await.unwrap();
    let with = SignUp { invite: Some(code), ..sign_up("toolate") };
    let refused = accounts::sign_up(&world.chat, &people::client(), with).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InviteInvalid);
}

#[tokio::test]
async fn somebody_with_more_conversations_than_a_welcome_holds_hears_all_of_them() {
    let world = World::with_limits(|limits| limits.memberships_per_account_max = 3).await;
    let [ann, bob, cem, dia] = &world.people[..] else { unreachable!() };
    let mut ids = Vec::new();
    for other in [bob, cem, dia] {
        let with = CreateConversation {
            kind: ConversationKind::Direct,
            name: None,
            description: None,
            account_id: Some(ann.caller.account.id),
        };
        let made = conversations::create(&world.chat, &other.caller, with).await.unwrap();
        ids.push((made.0.conversation.details.id, other));
    }
    let connected = sync::connect(&world.chat, &ann.caller, None).await.unwrap();
    assert!(connected.welcome.has_more);
    assert_eq!(connected.welcome.conversations.len(), 3);
    for (id, other) in ids {
        messages::send(&world.chat, &other.caller, id, words("hello")).await.unwrap();
        let Delivery::Frames(frames) = connected.listener.next().await else { panic!("still connected") };
        let heard = frames.iter().any(|told| match &told.frame {
            ServerFrame::Event(event) => {
                event.conversation == id && matches!(event.event, Event::MessageCreated { .. })
            }
            _ => false,
        });
        assert!(heard, "{id}");
    }
}

#[tokio::test]
async fn strange_logins_and_searches_are_unknown_names_and_nothing_worse() {
    let world = World::new().await;
    for login in
        ["nul\0", "\u{FDFA}".repeat(100_000).as_str(), "", " ", "@", "a@\0", "x".repeat(255).as_str()]
    {
        let with =
            SignIn { login: login.into(), password: "whatever it is".into(), token_kind: TokenKind::Opaque };
        let refused = sessions::sign_in(&world.chat, &people::client(), with).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidCredentials);
    }
    let ann = &world.people[0].caller;
    let found = accounts::find(&world.chat, ann, "a\0", None, None).await.unwrap();
    assert!(found.accounts.is_empty());
}

#[tokio::test]
async fn changing_the_password_ends_the_other_sessions_and_keeps_this_one_whatever_its_token() {
    let world = World::new().await;
    let chat = &world.chat;
    let with =
        |token_kind| SignIn { login: "ann".into(), password: "ann's long password".into(), token_kind };
    let jwt = sessions::sign_in(chat, &people::client(), with(TokenKind::Jwt)).await.unwrap().token;
    let other = sessions::sign_in(chat, &people::client(), with(TokenKind::Opaque)).await.unwrap().token;
    let caller = auth::authenticate(chat, &jwt).await.unwrap();
    let change = ChangePassword {
        current_password: "ann's long password".into(),
        new_password: "another long password".into(),
    };
    accounts::change_password(chat, &caller, &people::client(), change).await.unwrap();
    auth::authenticate(chat, &jwt).await.unwrap();
    assert_eq!(auth::authenticate(chat, &other).await.unwrap_err().code, ErrorCode::Unauthenticated);
    let refused = sessions::sign_in(chat, &people::client(), with(TokenKind::Opaque)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidCredentials);
}

#[tokio::test]
async fn a_reader_far_behind_finds_every_change_among_many_reactions() {
    let world = World::new().await;
    let ann = &world.people[0].caller;
    for number in 0..90 {
        let sent = messages::send(&world.chat, ann, GENERAL, words(&format!("n{number}"))).await.unwrap();
        chat::reactions::set(&world.chat, ann, sent.message.id, "👍", true).await.unwrap();
    }
    for since in [0, 1, 60, 89, 90, 100, 179, 180] {
        let changes = sync::changes(&world.chat, ann, GENERAL, since, None).await.unwrap();
        let fresh = messages::history(&world.chat, ann, GENERAL, Window::Newest, Some(200)).await.unwrap();
        let expected: Vec<_> = fresh.messages.into_iter().filter(|message| message.rev > since).collect();
        assert_eq!(changes.messages, expected, "since {since}");
    }
}
