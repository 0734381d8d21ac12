//! `store::invites`

use crate::{
    on_both_engines,
    people::{ALL, FIRST, NOW, person, room, run},
};
use protocol::{ConversationId, Invite, InviteId, Timestamp};
use store::testing::TestDatabase;
use store::{Result, Tx, invites, invites::NewInvite};

const END: Timestamp = Timestamp(NOW.0 + 1_000);

fn invite(
    tx: &mut Tx<'_>,
    room: ConversationId,
    code: &str,
    max_uses: Option<i64>,
    expires_at: Option<Timestamp>,
) -> Result<Invite> {
    let new = NewInvite {
        conversation_id: room,
        code_hash: code.as_bytes().to_vec(),
        created_by: FIRST,
        needs_approval: max_uses.is_none(),
        max_uses,
        created_at: NOW,
        expires_at,
    };
    invites::insert(tx, &new)
}

fn ids(invites: &[Invite]) -> Vec<InviteId> {
    invites.iter().map(|invite| invite.id).collect()
}

on_both_engines! {
    an_invite_is_found_by_its_code_and_keeps_it_secret,
    an_invite_ends_by_time_by_use_and_by_being_revoked,
    of_many_who_take_the_last_use_at_once_one_gets_it,
}

async fn an_invite_is_found_by_its_code_and_keeps_it_secret(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let den = room(tx, "Den", ada)?;
        let made = invite(tx, den, "code", Some(2), Some(END))?;
        assert_eq!((made.conversation_id, made.created_by, made.needs_approval), (den, ada, false));
        assert_eq!((made.max_uses, made.uses, made.created_at), (Some(2), 0, NOW));
        assert_eq!(
            (made.expires_at, made.revoked_at, made.code.clone(), made.url.clone()),
            (Some(END), None, None, None)
        );
        assert_eq!(invites::good(tx, b"code", NOW)?, Some(made));
        assert_eq!(invites::good(tx, b"other", NOW)?, None);
        assert!(invite(tx, den, "open", None, None)?.needs_approval);
        Ok(())
    })
    .await;
    store.close();
}

async fn an_invite_ends_by_time_by_use_and_by_being_revoked(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let (den, other) = (room(tx, "Den", ada)?, room(tx, "Other", ada)?);
        let (timed, once, open) = (
            invite(tx, den, "timed", None, Some(END))?.id,
            invite(tx, den, "once", Some(1), None)?.id,
            invite(tx, den, "open", None, None)?.id,
        );
        assert_eq!(ids(&invites::list(tx, den, NOW, ALL)?), [open, once, timed], "the newest first");
        assert_eq!(ids(&invites::list(tx, den, NOW, 1)?), [open]);
        assert_eq!(ids(&invites::list(tx, other, NOW, ALL)?), []);

        assert_eq!(ids(&invites::list(tx, den, END, ALL)?), [open, once]);
        assert!(invites::good(tx, b"timed", END)?.is_none() && !invites::count_use(tx, timed, END)?);
        assert!(invites::count_use(tx, timed, NOW)?);

        assert!(invites::count_use(tx, once, NOW)?);
        assert!(!invites::count_use(tx, once, NOW)?, "the last use was the last");
        assert!(invites::good(tx, b"once", NOW)?.is_none());
        assert_eq!(invites::by_code(tx, b"once")?.map(|invite| invite.id), Some(once));
        assert_eq!(invites::by_code(tx, b"never")?, None);
        assert_eq!(ids(&invites::list(tx, den, NOW, ALL)?), [open, timed]);

        assert!(!invites::revoke(tx, other, open, NOW)?, "not by another room");
        assert!(invites::revoke(tx, den, open, NOW)?);
        assert!(!invites::revoke(tx, den, open, NOW)?, "not twice");
        assert!(invites::good(tx, b"open", NOW)?.is_none() && !invites::count_use(tx, open, NOW)?);
        assert_eq!(ids(&invites::list(tx, den, NOW, ALL)?), [timed]);
        assert_eq!(invites::good(tx, b"timed", NOW)?.unwrap().uses, 1);
        Ok(())
    })
    .await;
    store.close();
}

async fn of_many_who_take_the_last_use_at_once_one_gets_it(db: &TestDatabase) {
    let store = db.open().unwrap();
    let id = run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        let den = room(tx, "Den", ada)?;
        Ok(invite(tx, den, "code", Some(1), None)?.id)
    })
    .await;
    let take = || run(&store, move |tx| invites::count_use(tx, id, NOW));
    let all = tokio::join!(take(), take(), take(), take());
    assert_eq!([all.0, all.1, all.2, all.3].iter().filter(|got| **got).count(), 1);
    store.close();
}
