//! The table of routes. Method and path of each stand at its handler, from where the OpenAPI document takes them too: a
//! route that is not documented cannot be registered here.

use super::{
    around, assets, docs, health, lite, oauth, openapi,
    v1::{
        accounts, administration, conversations, identities, inbox, invites, me, members, messages,
        preferences, reactions, server, sessions, setup,
    },
};
use crate::{app::App, dialects, socket};
use axum::{Router, extract::DefaultBodyLimit, middleware, routing::get};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything under `/api/v1`.
fn v1() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(server::info, server::update))
        .routes(routes!(setup::set_up))
        .routes(routes!(accounts::sign_up, accounts::find))
        .routes(routes!(accounts::get, accounts::update))
        .routes(routes!(administration::accounts))
        .routes(routes!(administration::end_sessions))
        .routes(routes!(administration::audit))
        .routes(routes!(sessions::sign_in, sessions::list))
        .routes(routes!(sessions::refresh))
        .routes(routes!(sessions::sign_out))
        .routes(routes!(sessions::revoke))
        .routes(routes!(me::get, me::update))
        .routes(routes!(me::change_password))
        .routes(routes!(identities::list))
        .routes(routes!(identities::link, identities::unlink))
        .routes(routes!(conversations::list, conversations::create))
        .routes(routes!(conversations::get, conversations::update))
        .routes(routes!(conversations::changes))
        .routes(routes!(conversations::mark_read))
        .routes(routes!(preferences::update))
        .routes(routes!(inbox::list))
        .routes(routes!(messages::history, messages::send))
        .routes(routes!(messages::get, messages::edit, messages::delete))
        .routes(routes!(messages::edits))
        .routes(routes!(reactions::add, reactions::remove))
        .routes(routes!(members::list))
        .routes(routes!(members::approve))
        .routes(routes!(members::deny))
        .routes(routes!(members::leave))
        .routes(routes!(members::set_role, members::remove))
        .routes(routes!(members::ban, members::unban))
        .routes(routes!(invites::create, invites::list))
        .routes(routes!(invites::revoke))
        .routes(routes!(invites::card))
        .routes(routes!(invites::join))
        .routes(routes!(socket::open))
}

/// The documented routes with their document.
pub(super) fn api() -> (Router<App>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(openapi::head()).nest("/api/v1", v1()).split_for_parts()
}

/// All that is served, with the layer around it.
pub fn router(app: App) -> Router {
    let (api, _) = api();
    Router::new()
        .merge(api)
        .route("/api/openapi.json", get(openapi::serve))
        .route("/docs", get(docs::to_the_page))
        .route("/docs/", get(docs::page))
        .route("/docs/{*file}", get(docs::file))
        .merge(lite::routes())
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .merge(oauth::routes())
        .merge(dialects::routes(&app))
        .fallback(assets::serve)
        .layer(DefaultBodyLimit::max(app.settings.body_bytes_max))
        .layer(middleware::from_fn_with_state(app.clone(), around::around))
        .with_state(app)
}
