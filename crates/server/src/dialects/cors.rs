//! Which pages of other sites may call the JSON routes of these doors from a browser.

use crate::config::Settings;
use axum::http::HeaderValue;
use std::time::Duration;
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

/// How long a browser may keep the answer to its question: what a change of the setting waits for at most.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(600);

/// Pages of the `cors_origins` may call with credentials of their own, such as a token, by any method and with any header.
/// The session cookie that a browser sends along is not taken from them: the entrance sees to that.
pub(super) fn layer(settings: &Settings) -> CorsLayer {
    // What was read as an origin can be a header.
    let origins = settings.cors_origins.0.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .allow_credentials(true)
        .max_age(ASK_AGAIN_AFTER)
}
