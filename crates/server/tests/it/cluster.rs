//! Several nodes on one PostgreSQL and one Redis, in this process or as programs, and what may go wrong between them.

mod cut;
mod faults;
mod nodes;
mod postgres_server;
mod redis_server;
mod rolling;
mod talk;

pub use nodes::Nodes;
pub use redis_server::RedisServer;
