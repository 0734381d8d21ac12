//! Signing up, in and out.

use super::{
    forms::{Form, MaybeReader, Posted},
    page::{self, Frame, HOME, Trouble},
};
use crate::{
    app::App,
    http::{Visitor, auth::OwnPage, error::Answer, extract::Query},
};
use askama::Template;
use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::Response,
};
use chat::{accounts, sessions};
use protocol::{
    Provider,
    api::{Registration, SignIn, SignUp, SignedIn, TokenKind},
};
use serde::Deserialize;

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
/// The client may have been used in the same browser, and keeps what was read there. Who signs out in it throws that away;
/// these pages have nothing but the browser to do it.
const KEPT_BY_THE_CLIENT: HeaderValue = HeaderValue::from_static("\"storage\"");

/// Where somebody was going, and with what.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct On {
    next: String,
    invite: String,
    done: String,
}

/// Only our own pages: a link from elsewhere must not send somebody away who has just signed in.
fn place(next: &str) -> &str {
    let is_plain = next.bytes().all(|byte| byte.is_ascii_graphic());
    if next.starts_with("/lite/") && is_plain { next } else { HOME }
}

/// The answer to who has just signed in: the cookie, and on to where they were going.
fn signed_in(app: &App, signed_in: &SignedIn, next: &str) -> Response {
    let mut response = page::see_other(place(next));
    if let Some(cookie) = app.site.cookie(&signed_in.token, signed_in.expires_at, app.clock.now()) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Signing in by an account of another service.
struct Way {
    title: &'static str,
    place: String,
}

/// Where one leaves for each service that this installation knows, to come back to where one was going.
fn ways(app: &App, next: &str, invite: &str) -> Vec<Way> {
    // The way back is plain, without a question.
    let next = place(next).split('?').next().unwrap_or(HOME);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("next", next);
    if !invite.is_empty() {
        query.append_pair("invite", invite);
    }
    let query = query.finish();
    let way = |provider: Provider| match provider {
        Provider::Github => Way { title: "GitHub", place: format!("/github-login?{query}") },
    };
    chat::server::info(&app.chat).sign_in_with.into_iter().map(way).collect()
}

#[derive(Template)]
#[template(path = "lite/login.html")]
struct SignInPage<'a> {
    frame: &'a Frame,
    login: &'a str,
    next: &'a str,
    ways: Vec<Way>,
    may_register: bool,
}

fn sign_in_page(
    app: &App,
    login: &str,
    next: &str,
    notice: Option<&'static str>,
    trouble: Option<Trouble>,
) -> Response {
    let frame = Frame::open(app, "Sign in").noting(notice).with(trouble);
    let may_register = app.chat.registration() != Registration::Closed;
    let ways = ways(app, next, "");
    page::answer(&frame, &SignInPage { frame: &frame, login, next, ways, may_register })
}

pub(super) async fn sign_in_form(
    State(app): State<App>,
    MaybeReader(reader): MaybeReader,
    Query(on): Query<On>,
) -> Response {
    if reader.is_some() {
        return page::see_other(place(&on.next));
    }
    let notice = (on.done == "out").then_some("You have signed out.");
    sign_in_page(&app, "", &on.next, notice, None)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SignInFields {
    login: String,
    password: String,
    next: String,
}

pub(super) async fn sign_in(
    State(app): State<App>,
    _: OwnPage,
    Visitor(client): Visitor,
    Form(fields): Form<SignInFields>,
) -> Response {
    let SignInFields { login, password, next } = fields;
    let with = SignIn { login: login.clone(), password, token_kind: TokenKind::Opaque };
    match sessions::sign_in(&app.chat, &client, with).await {
        Ok(done) => signed_in(&app, &done, &next),
        Err(error) => sign_in_page(&app, &login, &next, None, Some(error.into())),
    }
}

/// What is said at every new password.
pub(super) fn password_hint(app: &App) -> String {
    format!("At least {} characters.", chat::server::info(&app.chat).password_chars_min)
}

#[derive(Template)]
#[template(path = "lite/register.html")]
struct SignUpPage<'a> {
    frame: &'a Frame,
    fields: &'a SignUpFields,
    registration: Registration,
    password_hint: String,
    ways: Vec<Way>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SignUpFields {
    username: String,
    display_name: String,
    email: String,
    password: String,
    invite: String,
    next: String,
}

fn sign_up_page(app: &App, fields: &SignUpFields, trouble: Option<Trouble>) -> Response {
    let frame = Frame::open(app, "Create an account").with(trouble);
    let info = chat::server::info(&app.chat);
    let page = SignUpPage {
        frame: &frame,
        fields,
        registration: info.registration,
        password_hint: password_hint(app),
        ways: ways(app, &fields.next, code(&fields.invite)),
    };
    page::answer(&frame, &page)
}

pub(super) async fn sign_up_form(
    State(app): State<App>,
    MaybeReader(reader): MaybeReader,
    Query(on): Query<On>,
) -> Response {
    if reader.is_some() {
        return page::see_other(place(&on.next));
    }
    sign_up_page(&app, &SignUpFields { invite: on.invite, next: on.next, ..SignUpFields::default() }, None)
}

pub(super) async fn sign_up(
    State(app): State<App>,
    _: OwnPage,
    Visitor(client): Visitor,
    Form(mut fields): Form<SignUpFields>,
) -> Response {
    let with = SignUp {
        username: fields.username.clone(),
        password: std::mem::take(&mut fields.password),
        email: Some(fields.email.clone()),
        display_name: Some(fields.display_name.clone()),
        invite: Some(code(&fields.invite)).filter(|code| !code.is_empty()).map(str::to_owned),
    };
    match accounts::sign_up(&app.chat, &client, with).await {
        Ok(done) => signed_in(&app, &done, &fields.next),
        Err(error) => sign_up_page(&app, &fields, Some(error.into())),
    }
}

/// The code, also where somebody gives the whole link.
fn code(invite: &str) -> &str {
    let invite = invite.trim();
    invite.rsplit_once("/join/").map_or(invite, |(_, code)| code)
}

/// A form without a field of its own.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn sign_out(
    State(app): State<App>,
    Posted { reader, .. }: Posted<Nothing>,
) -> Answer<Response> {
    sessions::sign_out(&app.chat, &reader.caller).await?;
    let mut response = page::see_other("/lite/login?done=out");
    response.headers_mut().insert(CLEAR_SITE_DATA, KEPT_BY_THE_CLIENT);
    if let Some(cookie) = app.site.no_cookie() {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
