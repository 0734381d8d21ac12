//! Nodes that share a PostgreSQL and a Redis, each with ways of its own to both and to its people, which can fail.

use crate::{
    Result,
    program::{Program, Recipe},
    proxy::{Proxy, Weather},
    servers::{postgres::Postgres, redis::Redis},
};
use std::net::SocketAddr;

/// The database that nodes share.
const DATABASE: &str = "parlor";

/// One of them.
pub(crate) struct Node {
    recipe: Recipe,
    program: Option<Program>,
    /// From its people.
    pub(crate) people: Proxy,
    /// To PostgreSQL.
    pub(crate) database: Proxy,
    /// To Redis.
    pub(crate) bus: Proxy,
}

/// All of them and what they stand on.
pub(crate) struct Nodes {
    /// The database.
    pub(crate) postgres: Postgres,
    /// The bus.
    pub(crate) redis: Redis,
    nodes: Vec<Node>,
}

impl Nodes {
    /// Starts so many.
    ///
    /// # Errors
    /// When one of them, PostgreSQL or Redis does not start.
    pub(crate) async fn start(recipe: &Recipe, count: usize, seed: u64, flushes: bool) -> Result<Self> {
        let servers = tokio::task::spawn_blocking(move || -> Result<_> {
            let postgres = Postgres::start(flushes)?;
            postgres.new_database(DATABASE)?;
            Ok((postgres, Redis::start()?))
        });
        let (postgres, redis) = servers.await??;
        let mut nodes = Self { postgres, redis, nodes: Vec::new() };
        for number in 0..count {
            let database = Proxy::open(nodes.postgres.address, seed).await?;
            let bus = Proxy::open_to_bus(nodes.redis.address, seed).await?;
            let mut recipe = recipe.with("PARLOR_BUS", &format!("redis://{}", bus.address()));
            recipe.folder = recipe.folder.join(format!("node{number}"));
            recipe.postgres = Some(Postgres::url(database.address(), DATABASE));
            let program = Program::start(&recipe).await?;
            let people = Proxy::open(program.address, seed).await?;
            nodes.nodes.push(Node { recipe, program: Some(program), people, database, bus });
        }
        Ok(nodes)
    }

    /// How many there are, killed ones too.
    #[must_use]
    pub(crate) fn count(&self) -> usize {
        self.nodes.len()
    }

    /// One of them; the numbers go round.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn node(&self, number: usize) -> Result<&Node> {
        self.nodes.get(number % self.nodes.len().max(1)).ok_or_else(|| "there is no node".into())
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    /// The address of the database without anything between.
    #[must_use]
    pub(crate) fn database(&self) -> String {
        Postgres::url(self.postgres.address, DATABASE)
    }

    /// Kills one. Its people find the next one where it was.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn kill(&mut self, number: usize) -> Result<()> {
        let program = self.nodes.get_mut(number).and_then(|node| node.program.take());
        program.ok_or("there is no node to kill")?.kill()?;
        let next = self.nodes.iter().find_map(|node| node.program.as_ref()).map(|program| program.address);
        if let Some(next) = next {
            self.node(number)?.people.lead_to(next);
        }
        Ok(())
    }

    /// Starts one again that was killed. Whoever connects finds it; those who went to another one stay there.
    ///
    /// # Errors
    /// When it does not start.
    pub(crate) async fn begin(&mut self, number: usize) -> Result<()> {
        let node = self.nodes.get_mut(number).ok_or("there is no node to start")?;
        let program = Program::start(&node.recipe).await?;
        node.people.lead_to(program.address);
        node.program = Some(program);
        Ok(())
    }

    /// Stops all of them in order; PostgreSQL and Redis go on.
    ///
    /// # Errors
    /// When one does not stop.
    pub(crate) async fn stop(&mut self) -> Result<()> {
        for node in &mut self.nodes {
            node.database.set(Weather::default());
            node.bus.set(Weather::default());
            if let Some(program) = node.program.take() {
                program.stop().await?;
            }
        }
        Ok(())
    }
}

impl Node {
    /// Where people reach it.
    #[must_use]
    pub(crate) fn address(&self) -> SocketAddr {
        self.people.address()
    }
}
