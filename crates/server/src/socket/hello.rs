//! The beginning of a connection: `hello`, who it is, and what there is to catch up.

use super::{HANDSHAKES_MAX, HELLO_WITHIN, commands};
use crate::{
    app::App,
    http::auth::Credential,
    wire::{Close, End, Heard, Wire, bucket::Bucket},
};
use chat::{Caller, auth, sync};
use protocol::{ErrorCode, ServerFrame, frame::Hello};
use realtime::Listener;
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout},
};

/// Somebody who said hello and is connected.
pub(super) struct Guest {
    pub(super) caller: Caller,
    pub(super) listener: Listener,
}

/// Waits for the hello, finds out who it is, and tells them where everything stands. `credential` came with the request.
pub(super) async fn greet(wire: &mut Wire, app: &App, credential: Option<Credential>) -> Result<Guest, End> {
    let hello = tokio::select! {
        hello = timeout(HELLO_WITHIN, wait_for_hello(wire, app)) => hello.unwrap_or(Err(Close::NotAuthenticated.into())),
        // The hub, which tells everybody else, does not know of it.
        () = app.stopping.begun() => Err(Close::Stopping.into()),
    }?;
    match admit(app, hello, credential).await {
        Ok((guest, frames)) => {
            for frame in &frames {
                wire.feed(frame);
            }
            wire.flush().await?;
            Ok(guest)
        }
        Err(error) => {
            let close = Close::of_refusal(error.code);
            wire.say(&commands::nack(error, None, None)).await?;
            Err(close.into())
        }
    }
}

/// Anything before the hello is refused, and at a rate that nobody could guess tokens with.
async fn wait_for_hello(wire: &mut Wire, app: &App) -> Result<Hello, End> {
    let mut bucket = Bucket::new(app.settings.frames_per_connection, Instant::now());
    loop {
        let heard = wire.next().await?;
        if bucket.take(Instant::now()).is_err() {
            return Err(Close::TooMany.into());
        }
        let refusal = match heard {
            Heard::Sign => continue,
            Heard::Binary => commands::binary_refused(),
            Heard::Text(text) => match commands::read_hello(&text) {
                Ok(hello) => return Ok(hello),
                Err(refusal) => refusal,
            },
        };
        wire.say(&refusal).await?;
    }
}

/// Process-wide, because the database is: two servers of one test share it and do not mind.
static HANDSHAKES: Semaphore = Semaphore::const_new(HANDSHAKES_MAX);

async fn admit(
    app: &App,
    hello: Hello,
    credential: Option<Credential>,
) -> Result<(Guest, Vec<ServerFrame>), chat::Error> {
    let token = token_of(credential, hello.token).ok_or(ErrorCode::Unauthenticated)?;
    // The semaphore is never closed; were it, nobody would have to wait.
    let _turn = HANDSHAKES.acquire().await.ok();
    let caller = auth::authenticate(&app.chat, &token).await?;
    let connected = sync::connect(&app.chat, &caller, hello.resume).await?;
    let mut frames = vec![ServerFrame::Welcome(connected.welcome)];
    frames.extend(connected.changes.into_iter().map(ServerFrame::Changes));
    Ok((Guest { caller, listener: connected.listener }, frames))
}

/// The bearer header goes before the hello's token, and that before the cookie, which a browser sends unasked.
fn token_of(credential: Option<Credential>, in_hello: Option<String>) -> Option<String> {
    let token = match (credential, in_hello) {
        (Some(Credential { from_cookie: true, .. }), Some(token)) => Some(token),
        (Some(credential), _) => Some(credential.token),
        (None, token) => token,
    };
    token.filter(|token| !token.is_empty())
}
