//! `/docs`: the API explained and tried out in the browser, from files inside the program.

use super::{
    error::{Answer, Refusal},
    extract::Path,
    headers,
};
use axum::{
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use protocol::ErrorCode;
use std::sync::{Arc, LazyLock};
use utoipa_swagger_ui::Config;

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    // "none": otherwise the page asks a server far away whether the document is valid. The base layout leaves out the bar
    // with the logo, whose style is written inline, which no policy of ours allows.
    Arc::new(
        Config::from("/api/openapi.json")
            .validator_url("none")
            .use_base_layout()
            .display_request_duration(true),
    )
});

/// The page names its files relative to `/docs/`.
pub(super) async fn to_the_page() -> Redirect {
    Redirect::permanent("/docs/")
}

pub(super) async fn page() -> Answer<Response> {
    answer("index.html")
}

pub(super) async fn file(Path(file): Path<String>) -> Answer<Response> {
    answer(&file)
}

fn answer(file: &str) -> Answer<Response> {
    let found = utoipa_swagger_ui::serve(file, CONFIG.clone());
    let found = found.map_err(|error| Refusal::new(ErrorCode::Internal).detail(error.to_string()))?;
    let file = found.ok_or_else(|| Refusal::new(ErrorCode::NotFound))?;
    // All of its files are written in it, and browsers that are not told so guess.
    let is_text = file.content_type.starts_with("text/");
    let kind = if is_text { format!("{}; charset=utf-8", file.content_type) } else { file.content_type };
    let kind_and_age = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache".to_owned())];
    let policy = [(header::CONTENT_SECURITY_POLICY, headers::POLICY_OF_OTHERS)];
    Ok((kind_and_age, policy, file.bytes.into_owned()).into_response())
}
