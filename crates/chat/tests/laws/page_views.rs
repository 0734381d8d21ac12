//! Views of pages: gathered, stored together, and all of them counted.

use crate::people::World;
use chat::page_views;

#[tokio::test]
async fn views_are_counted_once_each_however_many_come_at_once() {
    let world = World::new().await;
    let chat = &world.chat;
    let mut count = page_views::watch(chat);
    assert_eq!(*count.borrow_and_update(), 0);
    let crowd = (0..8).map(|_| {
        let chat = chat.clone();
        tokio::spawn(async move { (0..1000).for_each(|_| page_views::viewed(&chat)) })
    });
    for visitor in crowd.collect::<Vec<_>>() {
        visitor.await.unwrap();
    }
    page_views::settle(chat).await;
    count.wait_for(|count| *count == 8000).await.unwrap();
    // Nothing new is nothing to tell.
    page_views::settle(chat).await;
    assert!(!count.has_changed().unwrap());
}
