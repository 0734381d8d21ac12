//! Parlor without JavaScript: people who have nothing but pages, links and forms.

use crate::{
    browser::{Browser, action_with, form, link, text_in},
    stories,
    world::World,
};
use protocol::{ConversationId, ids::GENERAL};

/// Two people meet, talk, make a room and go, with pages alone.
async fn two_people_meet(world: &World, mut sita: Browser, mut ramesh: Browser) {
    let list = sita.signs_up("sita").await;
    assert!(list.text().contains("General") && list.text().contains("@sita"), "{}", list.text());
    ramesh.signs_up("ramesh").await;

    // In General.
    sita.says("/lite/c/1", "Good morning,\nis there tea?").await;
    let list = ramesh.open("/lite/").await;
    assert!(list.text().contains("1 new") && list.text().contains("Good morning, is there tea?"));
    let page = ramesh.open(&link(&list, "General")).await;
    assert!(page.text().contains("Good morning,<br>is there tea?"), "{}", page.text());
    assert!(page.text().contains("id=\"new\"") && page.text().contains("<time"));
    let reply = ramesh.open(&link(&page, ">Reply")).await;
    let page = ramesh.does(&reply, "/lite/c/1", &[("body", "There is coffee, @sita")]).await;
    let quote = page.text().split("<blockquote>").nth(1).unwrap().to_owned();
    assert!(quote.starts_with("<bdi class=\"who\">sita</bdi>"), "{quote}");
    let page = sita.open("/lite/").await;
    assert!(page.text().contains("1 new") && page.text().contains("@1"), "{}", page.text());

    // By themselves.
    let found = sita.open("/lite/people?query=ram").await;
    let chat = sita.does(&found, &action_with(&found, "/talk"), &[]).await;
    assert!(chat.text().contains("<h1 dir=\"auto\">ramesh</h1>"), "{}", chat.text());
    sita.says("/lite/c/2", "between us").await;
    assert!(ramesh.open("/lite/c/2").await.text().contains("between us"));

    // In a room.
    let page = sita.open("/lite/rooms/new").await;
    let fields = [("name", "Kitchen garden"), ("description", "What grows")];
    let invite = sita.does(&page, "/lite/rooms/new", &fields).await;
    let address = text_in(&invite, "lite-link").replace(world.server().public_url(), "");
    assert!(address.starts_with("/lite/join/"), "{address}");
    assert!(!ramesh.open("/lite/").await.text().contains("Kitchen garden"));
    let card = ramesh.open(&address).await;
    assert!(card.text().contains("Join Kitchen garden") && card.text().contains("What grows"));
    let list = ramesh.does(&card, &address, &[]).await;
    assert!(list.text().contains("You asked to join") && list.text().contains("Kitchen garden"));
    assert!(ramesh.open(&address).await.text().contains("You have asked to join"));
    ramesh.client().get("/lite/c/3").await.expect_status(404);

    let list = sita.open("/lite/").await;
    let requests = sita.open(&link(&list, "1 person asks to join")).await;
    let decide = action_with(&requests, "/requests/");
    let requests = sita.does(&requests, &decide, &[("decision", "approve")]).await;
    assert!(requests.text().contains("They are in.") && requests.text().contains("Nobody is waiting"));
    let room = ramesh.says("/lite/c/3", "tomatos!").await;

    // What one said can be changed and taken back.
    let edit = ramesh.open(&link(&room, ">Edit")).await;
    assert!(form(&edit, "/lite/messages/4/edit").contains("tomatos!"));
    let room = ramesh.does(&edit, "/lite/messages/4/edit", &[("body", "Tomatoes!")]).await;
    assert!(room.text().contains("Tomatoes!") && room.text().contains(">edited</a>"), "{}", room.text());
    let history = sita.open("/lite/messages/4/edits").await;
    assert!(history.text().contains("tomatos!") && history.text().contains("Tomatoes!"));
    let react = sita.open("/lite/messages/4/react").await;
    let room = sita.does(&react, "/lite/messages/4/react", &[("emoji", "🎉")]).await;
    assert!(room.text().contains("🎉 1"), "{}", room.text());
    let ask = ramesh.open(&link(&ramesh.open("/lite/c/3").await, ">Delete")).await;
    let room = ramesh.does(&ask, "/lite/messages/4/delete", &[]).await;
    assert!(room.text().contains("This message was deleted.") && !room.text().contains("Tomatoes!"));

    let people = sita.open("/lite/c/3/members").await;
    assert!(people.text().contains("@ramesh") && people.text().contains("owner"));
    let leave = ramesh.open("/lite/c/3/leave").await;
    let list = ramesh.does(&leave, "/lite/c/3/leave", &[]).await;
    assert!(list.text().contains("You have left the room.") && !list.text().contains("Kitchen garden"));

    let page = sita.open("/lite/").await;
    let page = sita.does(&page, "/lite/logout", &[]).await;
    assert!(page.text().contains("You have signed out."), "{}", page.text());
    assert!(sita.open("/lite/c/1").await.text().contains("<h1 dir=\"auto\">Sign in</h1>"));
    assert!(sita.signs_in("sita").await.text().contains("Conversations"));
}

stories! {
    async fn two_people_meet_with_pages_alone(world) {
        two_people_meet(world, Browser::new(world), Browser::new(world)).await;
    }

    async fn two_people_meet_whose_browsers_do_not_say_where_a_form_comes_from(world) {
        two_people_meet(world, Browser::plain(world), Browser::plain(world)).await;
    }

    async fn who_signs_out_leaves_nothing_of_the_client_in_the_browser(world) {
        let mut sita = Browser::new(world);
        let page = sita.signs_up("sita").await;
        let reply = sita.send(&page, "/lite/logout", &[]).await;
        assert_eq!(reply.header("clear-site-data"), Some("\"storage\""));
    }

    async fn what_is_said_here_is_heard_everywhere_and_the_other_way_round(world) {
        let sita = world.sign_up("sita").await;
        let mut socket = sita.connects().await;
        let mut ramesh = Browser::new(world);
        ramesh.signs_up("ramesh").await;
        ramesh.says("/lite/c/1", "from a page").await;
        let heard = socket.hears_event("message.created").await;
        assert_eq!((&heard["message"]["body"], &heard["message"]["author"]["username"]), (&"from a page".into(), &"ramesh".into()));
        sita.says(GENERAL, "from a socket").await;
        assert!(ramesh.open("/lite/c/1").await.text().contains("from a socket"));
    }
}

/// A browser that is led to the address at which it is already only scrolls.
#[tokio::test]
async fn the_link_to_new_messages_leads_to_an_address_of_its_own_at_each_moment() {
    let world = World::sqlite(&[]).await;
    let mut sita = Browser::new(&world);
    sita.signs_up("sita").await;
    let mut moments = vec![0];
    for path in ["/lite/c/1", "/lite/c/1?look=0", "/lite/c/1?look=nonsense"] {
        let place = link(&sita.open(path).await, "Look for new messages");
        let moment = place.strip_prefix("/lite/c/1?look=").and_then(|rest| rest.strip_suffix("#latest"));
        moments.push(moment.unwrap().parse::<i64>().unwrap());
    }
    assert!(moments[1] > 0 && moments.is_sorted(), "{moments:?}");
    world.end().await;
}

async fn unread(world: &World, login: &str) -> i64 {
    let person = world.sign_in(login).await;
    let list: protocol::api::ConversationList = person.get("/conversations").await.expect(200);
    list.conversations[0].unread
}

#[tokio::test]
async fn what_somebody_looks_at_counts_as_read_and_nothing_else_does() {
    let world = World::sqlite(&[("page_len", "3")]).await;
    let sita = world.sign_up("sita").await;
    let mut ramesh = Browser::new(&world);
    ramesh.signs_up("ramesh").await;
    for number in 1..=8 {
        sita.says(GENERAL, &format!("number {number}.")).await;
    }
    let client = ramesh.client();
    client.send(axum::http::Method::HEAD, "/lite/c/1", None).await.expect_status(200);
    client.with("sec-purpose", "prefetch").get("/lite/c/1").await.expect_status(200);
    for path in
        ["/lite/", "/lite/c/1?before=9", "/lite/c/1?before=4", "/lite/c/1?after=6", "/lite/c/1?refresh=30"]
    {
        ramesh.open(path).await;
    }
    assert_eq!(unread(&world, "ramesh").await, 8);

    // More than a page of new messages is read from its beginning, page by page.
    let list = ramesh.open("/lite/").await;
    let page = ramesh.open(&link(&list, "General")).await;
    assert!(page.text().contains("number 1.") && !page.text().contains("number 4."), "{}", page.text());
    assert_eq!(unread(&world, "ramesh").await, 5);
    let page = ramesh.open(&link(&page, "Newer messages")).await;
    assert!(page.text().contains("number 4.") && page.text().contains("number 6."));
    let page = ramesh.open(&link(&page, "Newer messages")).await;
    assert!(page.text().contains("number 8.") && page.text().contains("<textarea"), "{}", page.text());
    assert_eq!(unread(&world, "ramesh").await, 0);
    world.end().await;
}

#[tokio::test]
async fn one_reads_back_page_by_page_and_finds_what_was_answered() {
    let world = World::sqlite(&[("page_len", "3")]).await;
    let sita = world.sign_up("sita").await;
    let first = sita.says(GENERAL, "number 1.").await.message;
    for number in 2..=6 {
        sita.says(GENERAL, &format!("number {number}.")).await;
    }
    let mut ramesh = Browser::new(&world);
    ramesh.signs_up("ramesh").await;
    let page = ramesh.open("/lite/c/1").await;
    assert!(page.text().contains("number 4.") && !page.text().contains("number 3."), "{}", page.text());
    let older = ramesh.open(&link(&page, "Older messages")).await;
    assert!(older.text().contains("number 1.") && older.text().contains("number 3."));
    assert!(!older.text().contains("Older messages") && !older.text().contains("<textarea"));
    assert!(ramesh.open(&link(&older, "Newer messages")).await.text().contains("number 6."));

    for beyond in ["/lite/c/1?before=1", "/lite/c/1?after=6", "/lite/c/1?before=-5"] {
        let reply = ramesh.client().get(beyond).await;
        assert_eq!(reply.header("location"), Some("/lite/c/1#latest"), "{beyond}");
    }

    let reply = ramesh.open(&format!("/lite/c/1?reply={}", first.id)).await;
    let page = ramesh.does(&reply, "/lite/c/1", &[("body", "to the first")]).await;
    let place = link(&page, "number 1.");
    assert!(place.ends_with("#m1"), "{place}");
    assert!(ramesh.open(&place).await.text().contains("id=\"m1\""));
    let other = sita.makes_room("Garden").await.conversation.details.id;
    let secret = sita.says(other, "elsewhere").await.message.id;
    ramesh.client().get(&format!("/lite/c/1?reply={secret}")).await.expect_status(404);
    world.end().await;
}

#[tokio::test]
async fn an_owner_hands_over_removes_and_shuts_out_and_lets_ask_again() {
    let world = World::sqlite(&[]).await;
    let mut browser = Browser::new(&world);
    browser.signs_up("asha").await;
    let page = browser.open("/lite/rooms/new").await;
    browser.does(&page, "/lite/rooms/new", &[("name", "Garden")]).await;
    let asha = world.sign_in("asha").await;
    let room = ConversationId(2);
    let code = asha.opens_door(room).await;
    let (binod, hari) = (world.sign_up("binod").await, world.sign_up("hari").await);
    binod.follows(&code).await;
    hari.follows(&code).await;

    let leave = browser.open("/lite/c/2/leave").await;
    let refused = browser.send(&leave, "/lite/c/2/leave", &[]).await;
    assert!(refused.expect_text(409).contains("hand it over first"), "{}", refused.text());

    let of = |id| format!("/lite/c/2/members/{id}");
    for (action, said) in [("remove", "no longer in the room"), ("ban", "shut out")] {
        let card = browser.open(&of(hari.id())).await;
        let people = browser.does(&card, &of(hari.id()), &[("action", action)]).await;
        assert!(people.text().contains(said), "{}", people.text());
        if action == "remove" {
            hari.follows(&code).await;
        }
    }
    hari.post(&format!("/invites/{code}/join"), serde_json::json!({})).await.expect_problem(403, "banned");
    let people = browser.open("/lite/c/2/members").await;
    browser.does(&people, &of(hari.id()), &[("action", "unban")]).await;
    hari.follows(&code).await;

    let card = browser.open(&of(binod.id())).await;
    browser.does(&card, &of(binod.id()), &[("action", "moderator")]).await;
    let card = browser.open(&of(binod.id())).await;
    let people = browser.does(&card, &of(binod.id()), &[("action", "owner")]).await;
    assert!(people.text().contains("handed over"), "{}", people.text());
    // What is above the reader's role is not offered, and refused all the same.
    assert!(!browser.open(&of(binod.id())).await.text().contains("Remove from the room"));
    let refused = browser.send(&card, &of(binod.id()), &[("action", "remove")]).await;
    refused.expect_status(403);
    let leave = browser.open("/lite/c/2/leave").await;
    browser.does(&leave, "/lite/c/2/leave", &[]).await;
    world.end().await;
}

#[tokio::test]
async fn a_link_is_shown_once_says_what_it_does_and_can_be_taken_back() {
    let world = World::sqlite(&[]).await;
    let mut sita = Browser::new(&world);
    sita.signs_up("sita").await;
    let page = sita.open("/lite/rooms/new").await;
    sita.does(&page, "/lite/rooms/new", &[("name", "Garden")]).await;
    let page = sita.open("/lite/c/2/invites").await;
    let made =
        sita.does(&page, "/lite/c/2/invites", &[("open", "yes"), ("max_uses", "5"), ("days", "3")]).await;
    assert!(made.text().contains("gets in at once"), "{}", made.text());
    assert!(text_in(&made, "link").starts_with(world.server().public_url()), "{}", made.text());
    let address = text_in(&made, "lite-link").replace(world.server().public_url(), "");
    let code = address.rsplit('/').next().unwrap().to_owned();

    let list = sita.open("/lite/c/2/invites").await;
    assert!(list.text().contains("used 0 of 5 times") && !list.text().contains(&code), "{}", list.text());
    for (field, wrong) in [("max_uses", "many"), ("max_uses", "0"), ("days", "1000"), ("days", "-1")] {
        let refused = sita.send(&list, "/lite/c/2/invites", &[(field, wrong)]).await;
        refused.expect_status(422);
        assert!(refused.text().contains(&format!("value=\"{wrong}\"")), "{}", refused.text());
    }
    // Nobody is shown the code of another room as this one's.
    let elsewhere = world.sign_up("hari").await.makes_room("Trap").await.invite.unwrap().code.unwrap();
    sita.client().get(&format!("/lite/c/2/invites/{elsewhere}")).await.expect_status(404);

    let mut ramesh = Browser::new(&world);
    ramesh.signs_up("ramesh").await;
    let card = ramesh.open(&address).await;
    let room = ramesh.does(&card, &address, &[]).await;
    assert!(room.text().contains("You are in the room."), "{}", room.text());
    ramesh.client().get("/lite/c/2/invites").await.expect_status(403);

    sita.does(&list, &action_with(&list, "/revoke"), &[]).await;
    let page = world.stranger().get(&address).await;
    assert!(page.expect_text(404).contains("The invite does not exist"), "{}", page.text());
    world.end().await;
}

#[tokio::test]
async fn who_is_turned_away_or_thinks_better_of_it_waits_no_more() {
    let world = World::sqlite(&[]).await;
    let sita = world.sign_up("sita").await;
    let made = sita.makes_room("Garden").await;
    let address = format!("/lite/join/{}", made.invite.unwrap().code.unwrap());
    let room = format!("/lite/c/{}", made.conversation.details.id);
    let mut ramesh = Browser::new(&world);
    ramesh.signs_up("ramesh").await;
    let card = ramesh.open(&address).await;
    let list = ramesh.does(&card, &address, &[]).await;
    let list = ramesh.does(&list, &format!("{room}/leave"), &[]).await;
    assert!(list.text().contains("You no longer ask to join.") && !list.text().contains("Garden"));

    ramesh.does(&card, &address, &[]).await;
    let mut owner = Browser::new(&world);
    owner.signs_in("sita").await;
    let page = owner.open(&format!("{room}/requests")).await;
    let decide = action_with(&page, "/requests/");
    owner.does(&page, &decide, &[("decision", "deny")]).await;
    let again = owner.does(&page, &decide, &[("decision", "approve")]).await;
    assert!(again.text().contains("decided or withdrawn already"), "{}", again.text());
    assert!(!ramesh.open("/lite/").await.text().contains("Garden"));
    world.end().await;
}

#[tokio::test]
async fn an_archived_room_is_read_and_no_longer_written() {
    let world = World::sqlite(&[]).await;
    let sita = world.sign_up("sita").await;
    let room = sita.makes_room("Garden").await.conversation.details.id;
    sita.says(room, "the last words").await;
    let mut browser = Browser::new(&world);
    browser.signs_in("sita").await;
    let page = browser.open(&format!("/lite/c/{room}")).await;
    let archive = serde_json::json!({ "archived": true });
    sita.patch(&format!("/conversations/{room}"), archive).await.expect_status(200);
    let refused = browser.send(&page, &format!("/lite/c/{room}"), &[("body", "too late")]).await;
    assert!(refused.expect_text(409).contains("too late"), "{}", refused.text());
    let page = browser.open(&format!("/lite/c/{room}")).await;
    assert!(page.text().contains("the last words") && page.text().contains("archived"));
    assert!(
        !page.text().contains("<textarea")
            && !page.text().contains(">Edit")
            && !page.text().contains(">Invite")
    );
    world.end().await;
}

#[tokio::test]
async fn a_guest_is_marked_and_so_is_what_came_by_another_door() {
    let world = World::sqlite(&[("dialects", "open")]).await;
    let chat = world.server().chat();
    let client = chat::Client { ip: "192.0.2.1".parse().unwrap(), user_agent: None };
    let guest = chat::auth::guests::enter(chat, &client, protocol::Dialect::ChatApp, "Madhu").await.unwrap();
    let with = protocol::api::SendMessage { cid: "1".into(), body: "nobody knows me".into(), reply_to: None };
    chat::messages::send(chat, &guest, GENERAL, with).await.unwrap();
    let mut sita = Browser::new(&world);
    sita.signs_up("sita").await;
    let page = sita.open("/lite/c/1").await;
    assert!(
        page.text().contains("Madhu</bdi> <span class=\"tag\">unverified guest</span>"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("via ChatApp"), "{}", page.text());
    assert!(sita.open("/lite/").await.text().contains("Madhu (unverified guest)"));
    assert!(
        !sita.open("/lite/people?query=madhu").await.text().contains("Madhu</bdi>"),
        "no guest is found by a name"
    );
    world.end().await;
}

#[tokio::test]
async fn where_one_can_sign_in_by_another_service_the_pages_say_so() {
    let world = World::sqlite(&[("github_client_id", "id"), ("github_client_secret", "secret")]).await;
    let browser = Browser::new(&world);
    let page = browser.open("/lite/c/1?before=5").await;
    assert_eq!(link(&page, "Sign in with GitHub"), "/github-login?next=%2Flite%2Fc%2F1");
    let page = browser.open("/lite/register?invite=0123").await;
    assert_eq!(link(&page, "Sign in with GitHub"), "/github-login?next=%2Flite%2F&invite=0123");
    world.end().await;
}
