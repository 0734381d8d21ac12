//! The line that hints travel on: Redis, or in the simulation whatever loses, doubles and delays them.

use super::{Letter, PATIENCE};
use futures_util::StreamExt;
use redis::aio::{MultiplexedConnection, PubSub, PubSubStream};
use std::fmt;
use tokio::time::timeout;

#[cfg(feature = "simulation")]
use {
    std::{future::Future, pin::Pin, sync::Arc},
    tokio::sync::mpsc,
};

/// A line that the simulation carries hints on.
#[cfg(feature = "simulation")]
pub trait Carrier: Send + Sync {
    /// Says this to every node that listens, the one that says it too. An error when it was perhaps not said.
    fn publish(&self, bytes: Vec<u8>) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

    /// What is said from now on, as long as the line stands.
    fn listen(&self) -> Result<mpsc::Receiver<Vec<u8>>, String>;
}

/// Where the line is.
pub(crate) enum Line {
    Redis(redis::Client),
    #[cfg(feature = "simulation")]
    Simulated(Arc<dyn Carrier>),
}

/// An end that speaks.
pub(super) enum Speaking {
    Redis(MultiplexedConnection),
    #[cfg(feature = "simulation")]
    Simulated(Arc<dyn Carrier>),
}

/// An end that hears.
pub(super) enum Hearing {
    Redis(Box<PubSubStream>),
    #[cfg(feature = "simulation")]
    Simulated(mpsc::Receiver<Vec<u8>>),
}

impl Line {
    pub(super) async fn speak(&self) -> Result<Speaking, String> {
        match self {
            Self::Redis(client) => {
                within(client.get_multiplexed_async_connection()).await.map(Speaking::Redis)
            }
            #[cfg(feature = "simulation")]
            Self::Simulated(carrier) => Ok(Speaking::Simulated(Arc::clone(carrier))),
        }
    }

    pub(super) async fn hear(&self, channel: &str) -> Result<Hearing, String> {
        match self {
            Self::Redis(client) => {
                let mut connection: PubSub = within(client.get_async_pubsub()).await?;
                within(connection.subscribe(channel)).await?;
                Ok(Hearing::Redis(Box::new(connection.into_on_message())))
            }
            #[cfg(feature = "simulation")]
            Self::Simulated(carrier) => carrier.listen().map(Hearing::Simulated),
        }
    }
}

impl Speaking {
    /// Publishes all of them in one round trip.
    pub(super) async fn publish(&mut self, channel: &str, batch: &[Letter]) -> Result<(), String> {
        match self {
            Self::Redis(connection) => {
                let mut pipe = redis::pipe();
                for letter in batch {
                    pipe.publish(channel, letter.bytes.as_slice()).ignore();
                }
                within(pipe.query_async::<()>(connection)).await
            }
            #[cfg(feature = "simulation")]
            Self::Simulated(carrier) => {
                for letter in batch {
                    within(carrier.publish(letter.bytes.clone())).await?;
                }
                Ok(())
            }
        }
    }
}

impl Hearing {
    /// The next word. `None` when the line is cut.
    pub(super) async fn next(&mut self) -> Option<Vec<u8>> {
        match self {
            Self::Redis(messages) => {
                messages.next().await.map(|message| message.get_payload_bytes().to_vec())
            }
            #[cfg(feature = "simulation")]
            Self::Simulated(words) => words.recv().await,
        }
    }
}

async fn within<T, E: fmt::Display>(work: impl Future<Output = Result<T, E>>) -> Result<T, String> {
    match timeout(PATIENCE, work).await {
        Ok(done) => done.map_err(|error| error.to_string()),
        Err(_) => Err("no answer in time".to_owned()),
    }
}
