//! A WebSocket as the transport of a session, from its beginning or after polling.

use super::{
    engine::{Incoming, PROBE, pong},
    session::{Session, Taken},
};
use crate::wire::{Close, End, Heard, Wire};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// A client that tries a WebSocket knows within this time whether it carries.
const UPGRADE_WITHIN: Duration = Duration::from_secs(10);

/// Finds out with the client whether this WebSocket carries its session, which goes on by polling if it does not.
///
/// A session that ends meanwhile is no reason to stop before the client was told: one that has left off polling to come
/// over here would never be, and clients that lose the WebSocket in that moment wait for it for ever.
pub(super) async fn try_out(mut wire: Wire, session: &Session) {
    let agreed = tokio::select! {
        agreed = timeout(UPGRADE_WITHIN, agree(&mut wire, session)) => agreed == Ok(true),
        () = session.end_told() => false,
    };
    if agreed {
        carry(wire, session).await;
    } else {
        wire.close(Close::Done).await;
    }
}

/// `2probe`, `3probe`, `5`.
async fn agree(wire: &mut Wire, session: &Session) -> bool {
    let Some(probe) = next(wire).await.and_then(|packet| session.probe(&packet)) else { return false };
    wire.feed_text(&pong(PROBE));
    if wire.flush().await.is_err() {
        return false;
    }
    let agreed = next(wire).await == Some(Incoming::Upgrade);
    if agreed {
        probe.carries();
    }
    agreed
}

async fn next(wire: &mut Wire) -> Option<Incoming> {
    loop {
        match wire.next().await.ok()? {
            Heard::Text(text) => return Incoming::parse(&text).ok(),
            Heard::Sign => {}
            Heard::Binary => return None,
        }
    }
}

/// Carries a session until it ends.
pub(super) async fn carry(mut wire: Wire, session: &Session) {
    let end = loop {
        tokio::select! {
            taken = session.take() => match taken {
                Taken::Packets(packets) => {
                    if let Err(end) = write(&mut wire, packets).await {
                        session.leave(end);
                        break end;
                    }
                }
                Taken::End(end) => break end,
            },
            read = read(&mut wire, session) => {
                if let Err(end) = read {
                    session.leave(end);
                    break end;
                }
            }
        }
    };
    if let End::Close(close) = end {
        wire.close(close).await;
    }
}

/// Reads a packet when there is room for it: the other end waits instead. Cancel safe.
async fn read(wire: &mut Wire, session: &Session) -> Result<(), End> {
    session.inbox_room().await;
    session.receive(match wire.next().await? {
        Heard::Text(text) => Incoming::parse(&text).map_err(|_| Close::NotUnderstood)?,
        Heard::Binary => Incoming::Binary,
        Heard::Sign => Incoming::Pong,
    });
    Ok(())
}

async fn write(wire: &mut Wire, packets: Vec<Arc<str>>) -> Result<(), End> {
    for packet in packets {
        wire.feed_text(&packet);
    }
    wire.flush().await
}
