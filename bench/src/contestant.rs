//! Who is measured, brought to the same beginning: a server that runs, and connections in rooms.

use crate::{
    Outcome,
    cores::Cores,
    fixture::House,
    generator::{
        Dial, Fleet,
        frames::{self, Op},
        room::Start,
        talk::{Member, Talk},
    },
    options::{RIVALS, Rival},
    process::{Server, Servers},
    works::Bench,
};
use protocol::ServerFrame;
use std::process::Command;

/// Somebody who is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contestant {
    Rival(Rival),
    Parlor(Cores),
    /// Two of them on one database and one bus.
    TwoNodes(Cores),
}

impl Contestant {
    /// Everyone, the one whom the others are compared with first.
    pub(crate) const ALL: [Self; 5] = [
        Self::Rival(Rival::FloorTogether),
        Self::Rival(Rival::FloorEach),
        Self::Rival(Rival::Usual),
        Self::Rival(Rival::UsualAtOnce),
        Self::Parlor(Cores::One),
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rival(Rival::FloorTogether) => "floor, all that waits in one write",
            Self::Rival(Rival::FloorEach) => "floor, one write per message",
            Self::Rival(Rival::Usual) => "axum example",
            Self::Rival(Rival::UsualAtOnce) => "axum example, TCP_NODELAY",
            Self::Parlor(Cores::One) => "Parlor",
            Self::Parlor(Cores::All) => "Parlor on all cores",
            Self::TwoNodes(Cores::One) => "two nodes",
            Self::TwoNodes(Cores::All) => "two nodes on all cores",
        }
    }
}

/// Who is in which room: rooms of accounts, counted from 0, each with one connection.
pub(crate) type Rooms<'a> = &'a [Vec<usize>];

/// Starts a server and brings everyone into their rooms. `senders` are connections, counted through all rooms.
pub(crate) fn gather(
    bench: &Bench,
    contestant: Contestant,
    house: &House,
    rooms: Rooms<'_>,
    senders: Vec<usize>,
) -> Outcome<(Servers, Talk)> {
    match contestant {
        Contestant::Rival(rival) => gather_rival(bench, rival, rooms, senders),
        Contestant::Parlor(cores) => {
            let servers = Servers(vec![bench.start_parlor(house, cores)?]);
            gather_parlor(servers, cores, house, rooms, senders)
        }
        Contestant::TwoNodes(cores) => {
            let servers =
                Servers(vec![bench.start_node(house, cores, 1)?, bench.start_node(house, cores, 2)?]);
            gather_parlor(servers, cores, house, rooms, senders)
        }
    }
}

fn gather_rival(
    bench: &Bench,
    rival: Rival,
    rooms: Rooms<'_>,
    senders: Vec<usize>,
) -> Outcome<(Servers, Talk)> {
    let word = RIVALS.iter().find(|(_, known)| *known == rival).map(|(word, _)| *word);
    let mut command = Command::new(std::env::current_exe()?);
    command.args(word);
    let servers = Servers(vec![Server::start(command, &bench.given, Cores::One)?]);
    let mut dials = Vec::new();
    let mut members = Vec::new();
    for (room, accounts) in rooms.iter().enumerate() {
        for _ in accounts {
            dials.push(Dial { path: format!("/room/{room}"), ..Dial::default() });
            members.push(Member { room, token: None });
        }
    }
    let mut fleet = Fleet::open(&servers.addresses(), &dials, |_, _, _| {})?;
    fleet.spin();
    let starts = vec![Start { conversation: 2, last_seq: 0, last_rev: 0 }; rooms.len()];
    let talk = Talk::new(fleet, servers.addresses(), members, &starts, senders);
    Ok((servers, talk))
}

fn gather_parlor(
    servers: Servers,
    cores: Cores,
    house: &House,
    rooms: Rooms<'_>,
    senders: Vec<usize>,
) -> Outcome<(Servers, Talk)> {
    let (mut dials, mut members) = (Vec::new(), Vec::new());
    for (room, accounts) in rooms.iter().enumerate() {
        for account in accounts {
            let token = house.token(*account)?;
            dials.push(dial(token, r#"{"op":"hello"}"#));
            members.push(Member { room, token: Some(token.to_owned()) });
        }
    }
    let mut starts: Vec<Option<Start>> = vec![None; rooms.len()];
    let mut unreadable = None;
    let mut fleet = Fleet::open(&servers.addresses(), &dials, |index, _, payload| {
        let Some(member) = members.get(index).filter(|_| frames::op_of(payload) == Op::Welcome) else {
            return;
        };
        if let (Some(start @ None), Some(id)) = (starts.get_mut(member.room), house.rooms.get(member.room)) {
            match start_in(payload, id.0) {
                Ok(found) => *start = found,
                Err(error) => unreadable = Some(error),
            }
        }
    })?;
    if let Some(error) = unreadable {
        return Err(error.into());
    }
    if cores == Cores::One {
        fleet.spin();
    }
    let starts: Option<Vec<Start>> = starts.into_iter().collect();
    let starts = starts.ok_or("a welcome without the room")?;
    let talk = Talk::new(fleet, servers.addresses(), members, &starts, senders);
    Ok((servers, talk))
}

/// A connection to Parlor's socket.
pub(crate) fn dial(token: &str, hello: &str) -> Dial {
    Dial { path: "/api/v1/socket".to_owned(), token: Some(token.to_owned()), hello: Some(hello.to_owned()) }
}

/// How a conversation stands, from a welcome.
fn start_in(payload: &[u8], conversation: i64) -> serde_json::Result<Option<Start>> {
    let ServerFrame::Welcome(welcome) = serde_json::from_slice(payload)? else { return Ok(None) };
    let mut conversations = welcome.conversations.into_iter();
    let found = conversations.find(|summary| summary.details.id.0 == conversation);
    Ok(found.map(|summary| Start { conversation, last_seq: summary.last_seq, last_rev: summary.last_rev }))
}
