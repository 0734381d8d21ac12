//! A page that was kept and is said again is the page that is stored.

use crate::{
    act,
    people::{self, Person, World},
    perform,
};
use chat::{Result, Window, accounts, administration, auth::Asked, memberships, messages, sessions};
use proptest::prelude::*;
use protocol::{
    ConversationId, ErrorCode, Page,
    api::{SendMessage, UpdateMe},
    ids::GENERAL,
};

fn say(page: &Page) -> Result<bytes::Bytes> {
    Ok(format!("{page:?}").into())
}

async fn ask(world: &World, person: &Person, id: ConversationId, limit: i64) -> Result<Asked<bytes::Bytes>> {
    messages::history_by(&world.chat, &person.token, id, (Window::Newest, Some(limit)), say).await
}

async fn rename(world: &World, person: &Person, name: String) {
    let with = UpdateMe { display_name: Some(name), email: None, current_password: None };
    accounts::update_me(&world.chat, &person.caller, &people::client(), with).await.unwrap();
}

/// What everyone is said in every place, whether it was kept or not, is what is stored there.
async fn check(world: &World) {
    for person in &world.people {
        for place in [0, 1, 2] {
            let (id, limit) = (world.place(place), 3);
            let asked = ask(world, person, id, limit).await.unwrap();
            let stored =
                messages::history(&world.chat, &person.caller, id, Window::Newest, Some(limit)).await;
            assert_eq!(asked.answer, stored.and_then(|page| say(&page)), "{} in {id}", person.name());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_do_a_page_said_again_is_the_page_that_is_stored(
        acts in prop::collection::vec((0..crate::PEOPLE, prop::option::weighted(0.9, act())), 1..40)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut world = World::new().await;
            for (step, (who, act)) in acts.iter().enumerate() {
                match act {
                    Some(act) => drop(perform(&world, step, &world.people[*who], act).await),
                    None => rename(&world, &world.people[*who], format!("Name {step}")).await,
                }
                world.hear().await;
                check(&world).await;
            }
        });
    }
}

#[tokio::test]
async fn a_kept_page_says_what_its_authors_are_called_now() {
    let world = World::new().await;
    let [ann, bob, cem, _] = &world.people[..] else { unreachable!() };
    for (number, person) in [ann, bob].into_iter().enumerate() {
        let with = SendMessage { cid: format!("c{number}"), body: "good morning".into(), reply_to: None };
        messages::send(&world.chat, &person.caller, GENERAL, with).await.unwrap();
    }
    for (person, name) in [(ann, "Ann A."), (bob, "Bob B."), (cem, "Cem C.")] {
        check(&world).await;
        rename(&world, person, name.into()).await;
        check(&world).await;
    }
}

#[tokio::test]
async fn whoever_is_out_is_said_no_page_that_was_kept_for_them() {
    let world = World::new().await;
    let [ann, bob, cem, dia] = &world.people[..] else { unreachable!() };
    for person in [bob, cem] {
        let code = &world.open_code;
        chat::invites::join(&world.chat, &person.caller, &people::client(), code).await.unwrap();
    }
    for person in [ann, bob, cem] {
        ask(&world, person, world.room, 50).await.unwrap().answer.unwrap();
        ask(&world, person, GENERAL, 50).await.unwrap().answer.unwrap();
    }
    memberships::remove(&world.chat, &ann.caller, world.room, bob.caller.account.id).await.unwrap();
    for person in [bob, dia] {
        let refused = ask(&world, person, world.room, 50).await.unwrap();
        assert_eq!(refused.caller.account.id, person.caller.account.id);
        assert_eq!(refused.answer.unwrap_err().code, ErrorCode::NotAMember);
    }
    sessions::sign_out(&world.chat, &cem.caller).await.unwrap();
    assert_eq!(ask(&world, cem, GENERAL, 50).await.unwrap_err().code, ErrorCode::Unauthenticated);
    administration::set_deactivated(&world.chat, "bob", true).await.unwrap();
    assert!(ask(&world, bob, GENERAL, 50).await.is_err());
}
