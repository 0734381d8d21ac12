//! The doors of Parlor: HTTP and the socket translate words and decide nothing; every rule is in `chat`.
//!
//! In reading order: the command line and the settings, the wiring, then the doors.

pub mod cli;
pub mod config;

pub mod app;
pub mod telemetry;

pub mod http;
pub mod socket;

#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;

#[cfg(not(feature = "simulation"))]
mod cluster;
#[cfg(feature = "simulation")]
pub mod cluster;
mod dialects;
mod outgoing;
mod random;
mod unreadable;
mod wire;
mod witness;
