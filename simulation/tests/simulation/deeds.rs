//! What people do: talk, take things back, come and go, put each other out.

use crate::{
    device::{Device, Done},
    http::ask,
    note,
    world::lock,
};
use protocol::{
    ClientFrame, ConversationId, ConversationKind, MembershipState, Message,
    frame::{Delete, Edit, React, Read, RequestNotice, Typing},
};
use serde_json::{Value, json};

/// What is done next on the connection.
pub enum Intent {
    Send(ConversationId),
    Say(ClientFrame),
    /// Goes, to come back elsewhere.
    Leave,
}

/// Decides what to do next, and does what needs no connection.
pub fn next(device: &mut Device) -> Vec<Intent> {
    let rooms: Vec<ConversationId> = lock(&device.state).copy.rooms.keys().copied().collect();
    let Some(room) = device.chance.pick(&rooms).copied() else { return Vec::new() };
    match device.chance.below(100) {
        0..45 => vec![Intent::Send(room)],
        45..55 => (0..device.chance.between(2, 5)).map(|_| Intent::Send(room)).collect(),
        55..63 => edit(device, room).into_iter().collect(),
        63..70 => delete(device, room).into_iter().collect(),
        70..78 => react(device, room).into_iter().collect(),
        78 => pry(device).into_iter().collect(),
        79..82 => vec![Intent::Say(ClientFrame::Read(Read { conversation: room, seq: 1 }))],
        82..84 => vec![Intent::Say(ClientFrame::Typing(Typing { conversation: room }))],
        84..86 => vec![Intent::Leave],
        86..94 => {
            move_around(device);
            Vec::new()
        }
        _ => {
            govern(device);
            Vec::new()
        }
    }
}

fn message(
    device: &mut Device,
    room: ConversationId,
    is_right: impl Fn(&Message) -> bool,
) -> Option<Message> {
    let state = lock(&device.state);
    let messages = state.copy.rooms.get(&room)?.messages.values();
    let right: Vec<Message> =
        messages.filter(|message| message.body.is_some() && is_right(message)).cloned().collect();
    drop(state);
    device.chance.pick(&right).cloned()
}

fn reference(device: &mut Device) -> String {
    device.sent_count += 1;
    format!("{}-{}", device.name, device.sent_count)
}

fn edit(device: &mut Device, room: ConversationId) -> Option<Intent> {
    let me = device.account;
    let message = message(device, room, |message| message.author.id == me)?.id;
    let reference = reference(device);
    let body = format!("rather {reference}");
    Some(Intent::Say(ClientFrame::Edit(Edit { reference: Some(reference), message, body })))
}

fn delete(device: &mut Device, room: ConversationId) -> Option<Intent> {
    let me = device.account;
    let message = message(device, room, |message| message.author.id == me)?.id;
    let reference = reference(device);
    device.deleting.insert(reference.clone(), message);
    Some(Intent::Say(ClientFrame::Delete(Delete { reference: Some(reference), message })))
}

fn react(device: &mut Device, room: ConversationId) -> Option<Intent> {
    let message = message(device, room, |_| true)?.id;
    let (emoji, on) = ("👍".to_owned(), device.chance.happens(700));
    Some(Intent::Say(ClientFrame::React(React { reference: Some(reference(device)), message, emoji, on })))
}

/// Asks for what is said in a room that one need not be in, or says something there.
fn pry(device: &mut Device) -> Option<Intent> {
    let town = device.town.clone();
    let (id, _) = device.chance.pick(&town.rooms)?;
    if device.chance.happens(500) {
        return Some(Intent::Send(*id));
    }
    device.fetch(*id, 0, 0);
    None
}

/// Comes into a room that one is not in, or leaves one. The owner stays.
fn move_around(device: &mut Device) {
    let town = device.town.clone();
    let Some((id, code)) = device.chance.pick(&town.rooms).cloned() else { return };
    let is_in = lock(&device.state).copy.rooms.contains_key(&id);
    if device.account == town.people[0].id {
        return;
    }
    if is_in {
        errand(device, "DELETE", format!("/conversations/{id}/members/me"), Value::Null);
    } else {
        errand(device, "POST", format!("/invites/{code}/join"), Value::Null);
    }
}

/// Puts somebody out, gives somebody a role, or describes the room anew.
fn govern(device: &mut Device) {
    let town = device.town.clone();
    let Some((id, _)) = device.chance.pick(&town.rooms).cloned() else { return };
    let Some(other) = device.chance.pick(&town.people).map(|person| person.id) else { return };
    let path = format!("/conversations/{id}/members/{other}");
    match device.chance.below(4) {
        0 | 1 => errand(device, "DELETE", path, Value::Null),
        2 => {
            let role = if device.chance.happens(500) { "moderator" } else { "member" };
            errand(device, "PATCH", path, json!({ "role": role }));
        }
        _ => {
            let description = format!("as {} says", reference(device));
            errand(device, "PATCH", format!("/conversations/{id}"), json!({ "description": description }));
        }
    }
}

/// Lets in who asks, mostly.
pub fn decide(device: &mut Device, request: &RequestNotice) {
    if request.membership.state != MembershipState::Pending {
        return;
    }
    let word = if device.chance.happens(850) { "approve" } else { "deny" };
    let (id, account) = (request.conversation, request.membership.account.id);
    errand(device, "POST", format!("/conversations/{id}/members/{account}/{word}"), Value::Null);
}

fn errand(device: &mut Device, method: &'static str, path: String, body: Value) {
    let (world, token, name) = (device.world.clone(), device.token.clone(), device.name.clone());
    device.errands.push(Box::pin(async move {
        note!(world, "{name} asks {method} {path}");
        let answer = ask(&world, &token, method, &path, body).await;
        note!(world, "{name} asked {method} {path}: {:?}", answer.map(|(status, _)| status));
        Done::Deed
    }));
}

/// Whether changes of who is in are part of what a copy holds.
pub fn has_members(kind: ConversationKind) -> bool {
    kind == ConversationKind::Room
}
