//! Requests to a node: one on each connection, with an end to waiting.

use crate::{
    nodes,
    world::{Shared, lock},
};
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::time::Duration;
use tokio::{task::JoinSet, time::timeout};

/// A client waits so long for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A node that takes connections, any of them.
pub fn any_node(world: &Shared) -> Option<usize> {
    let nodes = lock(&world.nodes);
    let up: Vec<usize> = (0..nodes.len()).filter(|number| nodes[*number].is_up()).collect();
    drop(nodes);
    world.roll(|chance| chance.pick(&up).copied())
}

/// Asks any node. `None` when no answer came: then nobody knows what was done.
pub async fn ask(world: &Shared, token: &str, method: &str, path: &str, body: Value) -> Option<(u16, Value)> {
    let node = any_node(world)?;
    timeout(PATIENCE, ask_node(world, node, token, method, path, body)).await.ok()?
}

async fn ask_node(
    world: &Shared,
    node: usize,
    token: &str,
    method: &str,
    path: &str,
    body: Value,
) -> Option<(u16, Value)> {
    let stream = nodes::connect(world, node)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    // Gone with this request, whatever becomes of it.
    let mut carrying = JoinSet::new();
    carrying.spawn(connection);
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let mut request =
        Request::builder().method(method).uri(format!("/api/v1{path}")).header("host", "parlor.test");
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if !body.is_empty() {
        request = request.header("content-type", "application/json");
    }
    let request = request.body(Full::new(Bytes::from(body))).unwrap();
    let response = sender.send_request(request).await.ok()?;
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.ok()?.to_bytes();
    Some((status, serde_json::from_slice(&bytes).unwrap_or_default()))
}
