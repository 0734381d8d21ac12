//! One's own account: name, e-mail address, password, and the devices on which one is signed in.

use super::{
    account::{Nothing, password_hint},
    forms::{Place, Posted, Reader},
    page::{self, Done, Frame, Trouble},
    words::Moment,
};
use crate::{
    app::App,
    http::{Visitor, error::Answer, extract::Query},
};
use askama::Template;
use axum::{extract::State, response::Response};
use chat::{accounts, sessions};
use protocol::{
    Me, Session, SessionId,
    api::{ChangePassword, UpdateMe},
};
use serde::Deserialize;

struct Device {
    session: Session,
    since: Moment,
    seen: Moment,
}

#[derive(Template)]
#[template(path = "lite/settings.html")]
struct SettingsPage<'a> {
    frame: &'a Frame,
    me: &'a Me,
    devices: Vec<Device>,
}

pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    Query(Done { done }): Query<Done>,
) -> Answer<Response> {
    let me = accounts::me(&app.chat, &reader.caller).await?;
    let sessions = sessions::list(&app.chat, &reader.caller).await?.sessions;
    let devices = sessions.into_iter().map(|session| Device {
        since: session.created_at.into(),
        seen: session.last_seen_at.into(),
        session,
    });
    let notice = match done.as_str() {
        "profile" => Some("Your profile is saved."),
        "password" => Some("Your password is changed. You are signed out everywhere else."),
        "session" => Some("That session has ended."),
        _ => None,
    };
    let frame = Frame::of(&app, &reader, "Settings").noting(notice);
    Ok(page::answer(&frame, &SettingsPage { frame: &frame, me: &me, devices: devices.collect() }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ProfileFields {
    display_name: String,
    email: String,
    current_password: String,
}

#[derive(Template)]
#[template(path = "lite/profile.html")]
struct ProfilePage<'a> {
    frame: &'a Frame,
    fields: &'a ProfileFields,
}

fn profile_page(app: &App, reader: &Reader, fields: &ProfileFields, trouble: Option<Trouble>) -> Response {
    let frame = Frame::of(app, reader, "Your profile").with(trouble);
    page::answer(&frame, &ProfilePage { frame: &frame, fields })
}

pub(super) async fn profile_form(State(app): State<App>, reader: Reader) -> Answer<Response> {
    let me = accounts::me(&app.chat, &reader.caller).await?;
    let fields = ProfileFields {
        display_name: me.account.display_name,
        email: me.email.unwrap_or_default(),
        current_password: String::new(),
    };
    Ok(profile_page(&app, &reader, &fields, None))
}

pub(super) async fn change_profile(
    State(app): State<App>,
    Visitor(client): Visitor,
    Posted { reader, mut fields }: Posted<ProfileFields>,
) -> Answer<Response> {
    let me = accounts::me(&app.chat, &reader.caller).await?;
    let password = std::mem::take(&mut fields.current_password);
    let email = fields.email.trim().to_owned();
    let with = UpdateMe {
        display_name: Some(fields.display_name.clone()),
        // The form always holds the address; only another one needs the password.
        email: Some(email).filter(|email| *email != me.email.unwrap_or_default()),
        current_password: Some(password).filter(|password| !password.is_empty()),
    };
    Ok(match accounts::update_me(&app.chat, &reader.caller, &client, with).await {
        Ok(_) => page::see_other("/lite/settings?done=profile"),
        Err(error) => profile_page(&app, &reader, &fields, Some(error.into())),
    })
}

#[derive(Template)]
#[template(path = "lite/password.html")]
struct PasswordPage<'a> {
    frame: &'a Frame,
    hint: String,
}

fn password_page(app: &App, reader: &Reader, trouble: Option<Trouble>) -> Response {
    let frame = Frame::of(app, reader, "Change your password").with(trouble);
    page::answer(&frame, &PasswordPage { frame: &frame, hint: password_hint(app) })
}

pub(super) async fn password_form(State(app): State<App>, reader: Reader) -> Response {
    password_page(&app, &reader, None)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PasswordFields {
    current_password: String,
    new_password: String,
}

pub(super) async fn change_password(
    State(app): State<App>,
    Visitor(client): Visitor,
    Posted { reader, fields }: Posted<PasswordFields>,
) -> Response {
    let with =
        ChangePassword { current_password: fields.current_password, new_password: fields.new_password };
    match accounts::change_password(&app.chat, &reader.caller, &client, with).await {
        Ok(()) => page::see_other("/lite/settings?done=password"),
        Err(error) => password_page(&app, &reader, Some(error.into())),
    }
}

pub(super) async fn end_session(
    State(app): State<App>,
    Place(session): Place<SessionId>,
    Posted { reader, .. }: Posted<Nothing>,
) -> Answer<Response> {
    sessions::revoke(&app.chat, &reader.caller, session).await?;
    let own = reader.caller.session == session;
    Ok(page::see_other(if own { "/lite/login?done=out" } else { "/lite/settings?done=session" }))
}
