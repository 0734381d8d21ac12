//! Parlor through its doors: a server in this process, people who speak, a story a file.

#![allow(unreachable_pub, reason = "one binary: what a module shows to the others is pub")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets what it does not expect should fail there"
)]

mod app_page;
mod browser;
mod client;
mod fake_github;
mod program;
mod socket_client;
mod world;

mod accounts;
mod administration;
mod authorization;
mod chat_app;
mod chatroom;
mod chats;
mod chatter_box;
mod conversations;
mod errors;
mod first_frame;
mod flask_chat;
mod github;
mod headers;
mod inbox;
mod invites;
mod lite;
mod lite_forms;
mod messages;
mod openapi;
mod preferences;
mod requests;
mod security_log;
mod security_pages;
mod sessions;
mod socket;
mod socket_io;
mod source_rules;
mod tidy;

mod cluster;
mod command_line;
mod migrate_data;
