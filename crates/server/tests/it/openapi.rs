//! The API's documents say what the API is.

use crate::{client::Reply, world::World};
use axum::http::Method;
use serde_json::Value;
use std::{collections::BTreeSet, fs, path::PathBuf};

fn at_root(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn document() -> Value {
    serde_json::from_str(&server::http::openapi::document_json().unwrap()).unwrap()
}

/// Method, path and operation of every route in the document.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            let operations = item.as_object().unwrap().iter();
            operations.map(|(method, operation)| (method.to_uppercase(), path.clone(), operation.clone()))
        })
        .collect()
}

#[test]
fn the_committed_document_is_the_one_that_the_program_prints() {
    let committed = fs::read_to_string(at_root("docs/api/openapi.json")).unwrap_or_default();
    assert!(
        committed == server::http::openapi::document_json().unwrap(),
        "docs/api/openapi.json is not current: write it anew with `cargo run -- openapi > docs/api/openapi.json`"
    );
}

#[test]
fn the_page_for_people_names_every_route_and_no_other() {
    let page = fs::read_to_string(at_root("docs/protocol.md")).unwrap();
    let mut told = BTreeSet::new();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    for row in rows.chain(page.contains("## Socket: `GET /api/v1/socket`").then_some("GET /socket")) {
        let Some((methods, path)) = row.split_once(" /") else { continue };
        let path = path.split('?').next().unwrap();
        for method in methods.split(", ") {
            told.insert(format!("{method} /api/v1/{path}"));
        }
    }
    let document = document();
    let is: BTreeSet<_> =
        operations(&document).into_iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    assert_eq!(told, is);
}

#[test]
fn every_operation_has_a_name_a_summary_and_problems_for_errors() {
    let document = document();
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let what = format!("{method} {path}");
        let name = operation["operationId"].as_str().unwrap_or_else(|| panic!("{what} has no name"));
        assert!(names.insert(name.to_owned()), "{what}: {name} is there twice");
        assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{what}");
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{what}");
        for (status, response) in operation["responses"].as_object().unwrap() {
            assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()), "{what} {status}");
            if status.starts_with(['4', '5']) {
                let problem = &response["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(problem, "#/components/schemas/Problem", "{what} {status}");
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(value: &Value, document: &Value) {
        match value {
            Value::Object(object) => {
                if let Some(Value::String(reference)) = object.get("$ref") {
                    assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
                }
                object.values().for_each(|value| walk(value, document));
            }
            Value::Array(values) => values.iter().for_each(|value| walk(value, document)),
            _ => {}
        }
    }
    let document = document();
    walk(&document, &document);
    let schemas = &document["components"]["schemas"];
    for schema in ["ClientFrame", "ServerFrame", "Problem", "Event"] {
        assert!(schemas[schema].is_object(), "{schema}");
    }
    let codes: Vec<_> = protocol::ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(schemas["ErrorCode"]["enum"], serde_json::json!(codes));
}

#[tokio::test]
async fn every_documented_route_is_served_and_asks_for_a_session_unless_it_says_otherwise() {
    let world = World::sqlite(&[]).await;
    let document = document();
    for (method, path, operation) in operations(&document) {
        let what = format!("{method} {path}");
        let filled = path.replace("{code}", &"0".repeat(32)).replace("{emoji}", "%F0%9F%91%8D");
        let filled =
            filled.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect::<Vec<_>>();
        let client = world.stranger().with("content-type", "application/json");
        let method: Method = method.parse().unwrap();
        let reply: Reply = client.send(method, &filled.join("/"), Some("{}".into())).await;
        if operation.get("security").is_none() {
            reply.expect_problem(401, "unauthenticated");
        } else {
            let status = reply.status.as_u16().to_string();
            assert!(
                operation["responses"].get(&status).is_some(),
                "{what} answered {status}: {}",
                reply.text()
            );
            assert!(!matches!(reply.status.as_u16(), 401 | 405), "{what}: {}", reply.text());
        }
    }
    let served = world.stranger().get("/api/openapi.json").await;
    assert_eq!(served.expect::<Value>(200), document);
    world.end().await;
}
