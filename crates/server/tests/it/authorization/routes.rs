//! What the router serves, asked from the router itself.

use super::table::without_names;
use std::collections::{BTreeSet, HashMap};

const METHODS: [&str; 6] = ["get", "put", "post", "patch", "delete", "options"];

/// Method and path of all that is routed. A router tells what it holds by its debugging text alone, so that is what is read
/// here; were that text another one some day, nothing would be found, which whoever asks notices.
pub fn served(router: &axum::Router) -> BTreeSet<(String, String)> {
    let text = format!("{router:?}");
    let text = text.split("fallback_router:").next().unwrap();
    let (routes, paths) = text.split_once("node: Node").unwrap();
    let paths: HashMap<&str, &str> = pieces(paths, "RouteId(").collect();
    let mut found = BTreeSet::new();
    for (id, path) in paths {
        let path = path.split('"').nth(1).unwrap();
        let endpoint = pieces(routes, "RouteId(").find(|(other, _)| *other == id);
        let endpoint =
            endpoint.or_else(|| pieces(routes, "MethodRouter(").nth(id.parse().unwrap())).unwrap().1;
        let is_known = |method: &&str| {
            let answer = endpoint.split(&format!(" {method}: ")).nth(1);
            answer.is_some_and(|answer| !answer.starts_with("None"))
        };
        let mut methods: Vec<String> =
            METHODS.iter().filter(|method| is_known(method)).map(|method| method.to_uppercase()).collect();
        if methods.is_empty() {
            // Whatever the method.
            methods.push("ANY".to_owned());
        }
        found.extend(methods.into_iter().map(|method| (method, without_names(path))));
    }
    found
}

/// What follows each `mark`: the text up to the next bracket, and the rest up to the next mark.
fn pieces<'a>(text: &'a str, mark: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    text.split(mark).skip(1).filter_map(|piece| piece.split_once(')'))
}
