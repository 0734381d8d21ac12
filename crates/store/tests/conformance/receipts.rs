//! `store::receipts`

use crate::{
    on_both_engines,
    people::{NOW, join, person, room, run},
};
use protocol::{MembershipRole, MembershipState, ids::GENERAL};
use store::testing::TestDatabase;
use store::{conversations, memberships, receipts};

on_both_engines! {
    a_receipt_only_moves_forward_and_only_for_members,
    in_general_the_first_receipt_makes_the_row,
    several_receipts_move_together,
    of_many_receipts_at_once_the_furthest_stays,
}

async fn a_receipt_only_moves_forward_and_only_for_members(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob, cyd) = (person(tx, "Ada")?, person(tx, "Bob")?, person(tx, "Cyd")?);
        let den = room(tx, "Den", ada)?;
        join(tx, den, bob)?;
        memberships::put(tx, den, cyd, MembershipRole::Member, MembershipState::Left, 3, NOW)?;
        assert!(receipts::grow(tx, den, bob, 3)?);
        assert!(!receipts::grow(tx, den, bob, 3)? && !receipts::grow(tx, den, bob, 2)?);
        assert!(!receipts::grow(tx, den, cyd, 3)?, "has left");
        let read = |tx: &mut store::Tx<'_>, account| {
            Ok::<_, store::Error>(conversations::access(tx, den, account)?.unwrap().read_seq)
        };
        assert_eq!((read(tx, bob)?, read(tx, ada)?, read(tx, cyd)?), (3, 0, 0));
        Ok(())
    })
    .await;
    store.close();
}

async fn in_general_the_first_receipt_makes_the_row(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let ada = person(tx, "Ada")?;
        assert!(receipts::grow_general(tx, ada, 2, NOW)?);
        assert!(!receipts::grow_general(tx, ada, 2, NOW)? && !receipts::grow_general(tx, ada, 1, NOW)?);
        assert!(receipts::grow_general(tx, ada, 5, NOW)?);
        let membership = memberships::get(tx, GENERAL, ada)?.unwrap();
        assert_eq!(
            (membership.read_seq, membership.state, membership.role),
            (5, MembershipState::Active, MembershipRole::Member)
        );
        assert_eq!(membership.rev, 0, "a receipt is no change");
        Ok(())
    })
    .await;
    store.close();
}

async fn several_receipts_move_together(db: &TestDatabase) {
    let store = db.open().unwrap();
    run(&store, |tx| {
        let (ada, bob) = (person(tx, "Ada")?, person(tx, "Bob")?);
        let den = room(tx, "Den", ada)?;
        join(tx, den, bob)?;
        assert_eq!(receipts::grow_each(tx, [(den, ada, 2), (den, bob, 4)])?, 2);
        assert_eq!(receipts::grow_each(tx, [(den, ada, 3), (den, bob, 4)])?, 1);
        assert_eq!(receipts::grow_general_each(tx, [(ada, 1, NOW), (bob, 2, NOW)])?, 2);
        assert_eq!(receipts::grow_general_each(tx, [(ada, 5, NOW), (bob, 1, NOW)])?, 1);
        let mut read = Vec::new();
        for (conversation, account) in [(den, ada), (den, bob), (GENERAL, ada), (GENERAL, bob)] {
            read.push(memberships::get(tx, conversation, account)?.unwrap().read_seq);
        }
        assert_eq!(read, [3, 4, 5, 2]);
        Ok(())
    })
    .await;
    store.close();
}

async fn of_many_receipts_at_once_the_furthest_stays(db: &TestDatabase) {
    let store = db.open().unwrap();
    let ada = run(&store, |tx| person(tx, "Ada")).await;
    let mut moves = Vec::new();
    for seq in [3, 9, 1, 7, 5, 8, 2, 6, 4] {
        let store = store.clone();
        moves.push(tokio::spawn(async move {
            run(&store, move |tx| receipts::grow_general(tx, ada, seq, NOW)).await
        }));
    }
    for one in moves {
        one.await.unwrap();
    }
    let read = run(&store, move |tx| Ok(memberships::get(tx, GENERAL, ada)?.unwrap().read_seq)).await;
    assert_eq!(read, 9);
    store.close();
}
