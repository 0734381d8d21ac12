//! `store::sessions`

use crate::{
    on_both_engines,
    people::{ALL, NOW, person, run},
};
use protocol::{AccountId, SessionId, Timestamp};
use store::testing::TestDatabase;
use store::{
    Result, Tx, accounts, sessions,
    sessions::{NewSession, RefreshUse},
};

const LATER: Timestamp = Timestamp(NOW.0 + 1_000);
const END: Timestamp = Timestamp(NOW.0 + 2_000);
const NOBODY: SessionId = SessionId(0);
/// A lifetime that nothing here comes near to, in milliseconds.
const LONG: i64 = 1_000_000_000;

fn sign_in(tx: &mut Tx<'_>, account_id: AccountId, token: Option<&str>) -> Result<SessionId> {
    sessions::insert(
        tx,
        &NewSession {
            account_id,
            token_hash: token.map(|token| token.as_bytes().to_vec()),
            kind: if token.is_some() { "opaque" } else { "jwt" },
            user_agent: Some("Firefox".to_owned()),
            ip: None,
            created_at: NOW,
            expires_at: END,
        },
    )
}

fn ids(sessions: &[protocol::Session]) -> Vec<SessionId> {
    sessions.iter().map(|session| session.id).collect()
}

on_both_engines! {
    a_session_is_found_by_its_token_and_knows_its_account,
    a_session_in_use_lives_on_and_one_that_ended_does_not,
    a_session_ends_however_much_it_is_used,
    people_end_their_own_sessions_once,
    sessions_that_ended_long_ago_are_forgotten_with_their_refresh_tokens,
    a_refresh_token_is_fresh_once,
    of_many_sessions_it_is_known_which_were_ended,
}

async fn a_session_is_found_by_its_token_and_knows_its_account(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let session = sign_in(tx, ada, Some("token"))?;
        let jwt = sign_in(tx, ada, None)?;
        sign_in(tx, ada, None)?; // Many may be without a hash.
        let signed = sessions::by_token_hash(tx, b"token")?.unwrap();
        assert_eq!((signed.session, signed.expires_at, signed.revoked_at), (session, END, None));
        assert_eq!((signed.last_seen_at, signed.auth_epoch), (NOW, 0));
        assert_eq!(Some(signed.account), accounts::get(tx, ada)?);
        assert_eq!(sessions::get(tx, jwt)?.unwrap().session, jwt);
        assert!(sessions::by_token_hash(tx, b"other")?.is_none() && sessions::get(tx, NOBODY)?.is_none());
        Ok(())
    })
    .await;
    store.close();
}

async fn a_session_in_use_lives_on_and_one_that_ended_does_not(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let (one, two) = (sign_in(tx, ada, Some("one"))?, sign_in(tx, ada, Some("two"))?);
        sessions::touch(tx, one, LATER, Timestamp(END.0 + 1), LONG)?;
        let list = sessions::list(tx, ada, END, ALL)?;
        assert_eq!(ids(&list), [one], "the other has expired");
        assert_eq!((list[0].last_seen_at, list[0].created_at), (LATER, NOW));
        assert_eq!(
            (list[0].user_agent.as_deref(), list[0].ip.as_deref(), list[0].current),
            (Some("Firefox"), None, false)
        );
        assert!(sessions::revoke(tx, ada, two, LATER)?);
        sessions::touch(tx, two, END, Timestamp(END.0 + 9), LONG)?;
        let ended = sessions::get(tx, two)?.unwrap();
        assert_eq!((ended.revoked_at, ended.last_seen_at, ended.expires_at), (Some(LATER), NOW, END));
        Ok(())
    })
    .await;
    store.close();
}

async fn a_session_ends_however_much_it_is_used(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let session = sign_in(tx, ada, Some("token"))?;
        let later = |ms: i64| Timestamp(NOW.0 + ms);
        assert_eq!(sessions::touch(tx, session, LATER, later(4_000), 5_000)?, Some(later(4_000)));
        assert_eq!(sessions::touch(tx, session, later(3_000), later(9_000), 5_000)?, Some(later(5_000)));
        assert_eq!(sessions::get(tx, session)?.unwrap().expires_at, later(5_000));
        assert!(sessions::revoke(tx, ada, session, later(3_000))?);
        assert_eq!(sessions::touch(tx, session, later(3_000), later(9_000), 5_000)?, None);
        Ok(())
    })
    .await;
    store.close();
}

async fn people_end_their_own_sessions_once(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let mine: Vec<_> =
            ["a", "b", "c"].iter().map(|token| sign_in(tx, ada, Some(token))).collect::<Result<_>>()?;
        let his = sign_in(tx, bob, Some("d"))?;
        assert!(!sessions::revoke(tx, ada, his, NOW)?, "not somebody else's");
        assert!(sessions::revoke(tx, ada, mine[0], NOW)?);
        assert!(!sessions::revoke(tx, ada, mine[0], LATER)?, "not twice");
        assert_eq!(ids(&sessions::list(tx, ada, NOW, ALL)?), [mine[2], mine[1]], "the newest first");
        assert_eq!(ids(&sessions::list(tx, ada, NOW, 1)?), [mine[2]]);
        assert_eq!(sessions::revoke_others(tx, ada, mine[1], NOW)?, 1);
        assert_eq!(ids(&sessions::list(tx, ada, NOW, ALL)?), [mine[1]]);
        assert_eq!(sessions::revoke_others(tx, ada, NOBODY, NOW)?, 1, "all");
        assert_eq!(ids(&sessions::list(tx, bob, NOW, ALL)?), [his]);
        Ok(())
    })
    .await;
    store.close();
}

async fn sessions_that_ended_long_ago_are_forgotten_with_their_refresh_tokens(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let (revoked, expired, good) = (
            sign_in(tx, ada, Some("revoked"))?,
            sign_in(tx, ada, Some("expired"))?,
            sign_in(tx, ada, Some("good"))?,
        );
        for (session, token) in [(revoked, b"r"), (expired, b"e"), (good, b"g")] {
            sessions::insert_refresh(tx, session, token, NOW)?;
        }
        sessions::touch(tx, good, LATER, Timestamp(END.0 + 100), LONG)?;
        sessions::revoke(tx, ada, revoked, NOW)?;
        assert_eq!(sessions::forget_ended(tx, NOW, ALL)?, 0);
        assert_eq!(
            sessions::forget_ended(tx, Timestamp(END.0 + 1), 1)?,
            1,
            "not more than asked for at once"
        );
        assert_eq!(sessions::forget_ended(tx, Timestamp(END.0 + 1), ALL)?, 1);
        assert!(sessions::get(tx, revoked)?.is_none() && sessions::get(tx, expired)?.is_none());
        assert_eq!(sessions::use_refresh(tx, b"e", NOW)?, RefreshUse::Unknown);
        assert_eq!(sessions::use_refresh(tx, b"g", NOW)?, RefreshUse::Fresh(good));
        assert_eq!(sessions::forget_ended(tx, Timestamp(NOW.0 + 1), ALL)?, 0);
        assert_eq!(sessions::of_refresh(tx, b"g")?, None, "a token used that long ago is forgotten too");
        assert!(sessions::get(tx, good)?.is_some());
        Ok(())
    })
    .await;
    store.close();
}

async fn a_refresh_token_is_fresh_once(db: &TestDatabase) {
    let store = db.open().unwrap();
    let session = run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let session = sign_in(tx, ada, None)?;
        sessions::insert_refresh(tx, session, b"token", NOW)?;
        assert_eq!(sessions::use_refresh(tx, b"other", NOW)?, RefreshUse::Unknown);
        assert_eq!(sessions::of_refresh(tx, b"other")?, None);
        assert_eq!(sessions::of_refresh(tx, b"token")?, Some(session));
        Ok(session)
    })
    .await;
    let both = tokio::join!(
        run(&store, |tx| sessions::use_refresh(tx, b"token", LATER)),
        run(&store, |tx| sessions::use_refresh(tx, b"token", LATER)),
    );
    let (fresh, reused) = (RefreshUse::Fresh(session), RefreshUse::Reused(session));
    assert!(both == (fresh, reused) || both == (reused, fresh), "{both:?}");
    store.close();
}

async fn of_many_sessions_it_is_known_which_were_ended(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let (good, ended) = (sign_in(tx, ada, Some("one"))?, sign_in(tx, ada, None)?);
        sessions::revoke(tx, ada, ended, NOW)?;
        assert_eq!(sessions::ended_of(tx, &[good, ended, NOBODY])?, [ended, NOBODY]);
        assert!(sessions::ended_of(tx, &[])?.is_empty());
        Ok(())
    })
    .await;
    store.close();
}
