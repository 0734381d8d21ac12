//! The OpenAPI document: collected from the handlers, completed here with what is the same for all of them.

use super::{error::Answer, routes};
use crate::cli::Failure;
use axum::{
    body::Bytes,
    http::{HeaderName, HeaderValue, header},
};
use protocol::{ClientFrame, ErrorCode, ServerFrame, api::Problem};
use serde_json::Value;
use std::sync::LazyLock;
use utoipa::{
    OpenApi as _,
    openapi::{
        Content, OpenApi, PathItem, Ref, RefOr, Response,
        header::HeaderBuilder,
        path::Operation,
        schema::{Object, Type},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Parlor",
        description = "The HTTP API of Parlor. The socket's frames are the schemas `ClientFrame` and `ServerFrame`; \
                       how they are used is told in docs/protocol.md."
    ),
    components(schemas(Problem, ErrorCode, ClientFrame, ServerFrame)),
    security(("bearer" = []), ("cookie" = [])),
    tags(
        (name = "server", description = "The installation itself"),
        (name = "accounts", description = "Signing up, and finding people"),
        (name = "sessions", description = "Signing in and out"),
        (name = "me", description = "One's own account"),
        (name = "conversations", description = "General, direct chats and rooms"),
        (name = "messages", description = "What was said"),
        (name = "inbox", description = "What others did that concerns me"),
        (name = "members", description = "Who is in a room"),
        (name = "invites", description = "Links into rooms"),
        (name = "administration", description = "For administrators alone"),
        (name = "socket", description = "What happens, as it happens"),
    )
)]
struct Head;

/// The document without its paths.
pub(super) fn head() -> OpenApi {
    Head::openapi()
}

/// The whole document.
pub fn document() -> OpenApi {
    let (_, mut document) = routes::api();
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            complete(operation);
        }
    }
    let components = document.components.get_or_insert_default();
    components.schemas.insert("ErrorCode".to_owned(), error_codes().into());
    let bearer =
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("The token of a session")).build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let cookie = ApiKeyValue::with_description(
        "parlor_session",
        "For browsers; called __Host-parlor_session by TLS. A request that changes something needs an Origin header of ours.",
    );
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    document
}

/// The names that travel. The collection would take the names of the program: it does not see what a macro renames.
fn error_codes() -> Object {
    let mut codes = Object::with_type(Type::String);
    codes.description = Some("Why something was refused. New codes may be added.".to_owned());
    codes.enum_values = Some(ErrorCode::ALL.iter().map(|code| code.as_str().into()).collect());
    codes
}

/// The document as it is served and printed: for people to read too, and the same at every run.
pub fn document_json() -> Result<String, Failure> {
    let mut document = serde_json::to_value(document()).map_err(Failure::new)?;
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.remove("i64");
    }
    write_numbers_out(&mut document);
    let mut json = serde_json::to_string_pretty(&document).map_err(Failure::new)?;
    json.push('\n');
    Ok(json)
}

/// `Seq` and `Rev` are other names of a number, which the collection takes for a schema of its own, `i64`. Readers are
/// better served by a number.
fn write_numbers_out(value: &mut Value) {
    match value {
        Value::Object(object) if object.get("$ref").is_some_and(|to| to == "#/components/schemas/i64") => {
            object.remove("$ref");
            object.insert("type".to_owned(), "integer".into());
            object.insert("format".to_owned(), "int64".into());
        }
        Value::Object(object) => object.values_mut().for_each(write_numbers_out),
        Value::Array(values) => values.iter_mut().for_each(write_numbers_out),
        _ => {}
    }
}

static SERVED: LazyLock<Bytes> = LazyLock::new(|| document_json().unwrap_or_default().into());

pub(super) async fn serve() -> Answer<([(HeaderName, HeaderValue); 1], Bytes)> {
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], SERVED.clone()))
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete]
        .into_iter()
        .filter_map(Option::as_mut)
}

/// Adds the answers that every route of its kind can give, and gives every error its form.
fn complete(operation: &mut Operation) {
    let has_body = operation.request_body.is_some();
    let has_parameters = operation.parameters.as_ref().is_some_and(|all| !all.is_empty());
    // An absent list means what the document says for all: a session is needed.
    let is_signed = operation.security.is_none();
    for (applies, status, codes) in [
        (has_body, "400", "`malformed_json`"),
        (is_signed, "401", "`unauthenticated`, `token_expired`"),
        (is_signed, "403", "`account_deactivated`, `origin_mismatch`"),
        (has_body, "413", "`too_large`"),
        (has_body, "415", "`unsupported_media_type`"),
        (has_body || has_parameters, "422", "`invalid_request`"),
        (true, "429", "`rate_limited`"),
        (true, "500", "`internal`"),
        (true, "503", "`busy`, `unavailable`, `stopping`"),
    ] {
        if applies {
            add(operation, status, codes);
        }
    }
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
        {
            form_of_error(status, response);
        }
    }
}

fn add(operation: &mut Operation, status: &str, codes: &str) {
    let response =
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| Response::new("").into());
    let RefOr::T(response) = response else { return };
    response.description = if response.description.is_empty() {
        codes.to_owned()
    } else {
        format!("{}; {codes}", response.description)
    };
}

fn form_of_error(status: &str, response: &mut Response) {
    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
    response.content.insert("application/problem+json".to_owned(), problem.into());
    if matches!(status, "429" | "503") {
        let seconds = HeaderBuilder::new()
            .schema(Some(Object::with_type(Type::Integer)))
            .description(Some("Seconds after which to try again"))
            .build();
        response.headers.insert("Retry-After".to_owned(), seconds.into());
    }
}
