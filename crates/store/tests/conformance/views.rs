//! The tables that documents of other chat systems name: views to read from and not to write through.

use crate::{
    notes::silent,
    on_both_engines,
    people::{join, new_account, person, post, room, run},
};
use protocol::{
    AccountId, AccountKind, ConversationId, MembershipRole, MembershipState, Timestamp, ids::GENERAL,
};
use store::testing::TestDatabase;
use store::{Lane, accounts, accounts::NewAccount, memberships, messages, params};

on_both_engines! {
    the_tables_that_other_systems_name_show_what_is_there,
    nothing_is_written_through_a_view,
}

async fn the_tables_that_other_systems_name_show_what_is_there(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let guest = NewAccount { kind: AccountKind::Guest, email: None, ..new_account("Eve") };
        accounts::insert(tx, &guest)?;
        let den = room(tx, "Den", ada)?;
        let cyd = person(tx, "Cyd")?;
        join(tx, den, bob)?;
        memberships::put(tx, den, cyd, MembershipRole::Member, MembershipState::Pending, 0, Timestamp(1))?;
        post(tx, GENERAL, ada, "to all")?;
        post(tx, den, ada, "in the den")?;
        let gone = post(tx, den, bob, "gone")?;
        messages::delete(tx, gone, 9, Timestamp(5))?;

        let users =
            tx.query("SELECT id, username, email, password_hash FROM users ORDER BY id", params![], |row| {
                Ok((
                    row.get::<AccountId>(0)?,
                    row.get::<String>(1)?,
                    row.get::<String>(2)?,
                    row.get::<String>(3)?,
                ))
            })?;
        assert_eq!(users.len(), 3, "guests did not sign up");
        assert_eq!(users[0], (ada, "Ada".into(), "ada@example.org".into(), "hash of Ada".into()));
        let names = tx.query(
            "SELECT name FROM registered_users WHERE email IS NOT NULL AND password IS NOT NULL ORDER BY id",
            params![],
            |row| row.get::<String>(0),
        )?;
        assert_eq!(names, ["The Ada", "The Bob", "The Cyd"]);
        let rooms = tx.query(
            "SELECT id, creator_id, name, description, invite_link FROM chat_rooms",
            params![],
            |row| {
                let (id, creator) = (row.get::<ConversationId>(0)?, row.get::<AccountId>(1)?);
                Ok((id, creator, row.get::<String>(2)?, row.get::<String>(3)?, row.get::<String>(4)?))
            },
        )?;
        assert_eq!(rooms, [(den, ada, "Den".into(), String::new(), format!("/chats/room/{den}/invite"))]);
        let members = tx.query(
            "SELECT user_id, room_id, CAST(is_approved AS BIGINT) FROM room_members ORDER BY user_id",
            params![],
            |row| Ok((row.get::<AccountId>(0)?, row.get::<ConversationId>(1)?, row.get::<i64>(2)?)),
        )?;
        assert_eq!(members, [(ada, den, 1), (bob, den, 1), (cyd, den, 0)]);
        let said = tx.query(
            "SELECT room_id, user_id, content, timestamp, chat_type FROM room_messages",
            params![],
            |row| {
                let (room, user) = (row.get::<ConversationId>(0)?, row.get::<AccountId>(1)?);
                Ok((room, user, row.get::<String>(2)?, row.get::<String>(3)?, row.get::<String>(4)?))
            },
        )?;
        let at = "1970-01-01T00:16:40.000Z".to_owned();
        assert_eq!(said, [(den, ada, "in the den".into(), at, "room".into())]);
        Ok(())
    })
    .await;
    store.close();
}

async fn nothing_is_written_through_a_view(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| person(tx, "Ada")).await;
    for sql in [
        "UPDATE users SET username = 'x'",
        "DELETE FROM users",
        "DELETE FROM registered_users",
        "DELETE FROM chat_rooms",
        "DELETE FROM room_members",
        "DELETE FROM room_messages",
    ] {
        let written = store.write(Lane::Any, move |tx| tx.execute(sql, params![]), silent).await;
        assert!(written.is_err(), "{sql}");
    }
    store.close();
}
