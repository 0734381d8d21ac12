//! `parlor account …`: what the owner of the machine can do to accounts without signing in.
//!
//! It works on the database directly. A SQLite database belongs to one process at a time, so the server must be
//! stopped first; with PostgreSQL it may go on running.

use super::{Failure, print, settings};
use crate::{
    app,
    config::{DatabaseUrl, Settings},
};
use chat::{Chat, administration};
use clap::{Arg, ArgMatches, Command};
use protocol::{Account, AccountRole, Me};
use std::io::{self, BufRead, IsTerminal, Read, Write};

/// The longest line that is read as a password: well above the longest password.
const PASSWORD_LINE_BYTES_MAX: u64 = 1024;

pub(super) fn command() -> Command {
    let login = || Arg::new("login").value_name("LOGIN").required(true).help("Username or e-mail address");
    let username = Arg::new("username").value_name("USERNAME").required(true);
    let email =
        Arg::new("email").long("email").value_name("EMAIL").help("E-mail address, to sign in with too");
    let administrator = Arg::new("administrator")
        .long("administrator")
        .action(clap::ArgAction::SetTrue)
        .help("Let it administer this installation");
    Command::new("account")
        .about("Makes and changes accounts on this machine's database")
        .subcommand_required(true)
        .subcommand(
            Command::new("create")
                .about("Makes an account; asks for the password, or reads it as a line of standard input")
                .args([username, email, administrator]),
        )
        .subcommand(Command::new("list").about("Lists all accounts"))
        .subcommand(
            Command::new("reset-password")
                .about("Sets a new password, asked for or read from standard input, and ends all sessions")
                .arg(login()),
        )
        .subcommand(Command::new("disable").about("Shuts an account out and ends its sessions").arg(login()))
        .subcommand(Command::new("enable").about("Lets an account in again").arg(login()))
}

pub(super) fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let Some((verb, matches)) = matches.subcommand() else {
        return Err(Failure {
            message: "say what to do with accounts; see `parlor account --help`".into(),
            code: 2,
        });
    };
    let settings = settings(matches)?;
    let word = |name| matches.get_one::<String>(name).cloned().unwrap_or_default();
    // Asked for before the database is opened: a lock should not be held while somebody thinks.
    let password = if matches!(verb, "create" | "reset-password") { read_password()? } else { String::new() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let (chat, store) = runtime.block_on(app::open(&settings))?;
    let done = runtime.block_on(async {
        match verb {
            "create" => {
                let role = match matches.get_flag("administrator") {
                    true => AccountRole::Administrator,
                    false => AccountRole::Member,
                };
                let email = matches.get_one::<String>("email").cloned();
                let account = administration::create(&chat, word("username"), password, email, role).await?;
                Ok(format!("{} is made, with the id {}\n", account.username, account.id))
            }
            "list" => list(&chat).await,
            "reset-password" => {
                let account = administration::reset_password(&chat, &word("login"), password).await?;
                Ok(said(&account, "has a new password, and all its sessions ended", &settings))
            }
            "disable" => {
                let account = administration::set_deactivated(&chat, &word("login"), true).await?;
                Ok(said(&account, "is shut out", &settings))
            }
            _ => {
                let account = administration::set_deactivated(&chat, &word("login"), false).await?;
                Ok(format!("{} may sign in again\n", account.username))
            }
        }
    });
    store.close();
    print(&done.map_err(refused)?)
}

fn said(account: &Account, what: &str, settings: &Settings) -> String {
    // A server that runs beside us asks the database at each request, but does not know whose sockets to close.
    let sockets = match settings.database {
        DatabaseUrl::Sqlite => "",
        DatabaseUrl::Postgres(_) => "; sockets that are open end when the server is restarted",
    };
    format!("{} {what}{sockets}\n", account.username)
}

async fn list(chat: &Chat) -> Result<String, chat::Error> {
    let mut text = String::new();
    for Me { account, email } in administration::list(chat).await? {
        let role = match account.role {
            AccountRole::Administrator => "administrator",
            AccountRole::Member => "member",
        };
        let state = if account.deactivated_at.is_some() { "disabled" } else { "active" };
        let email = email.unwrap_or_else(|| "-".into());
        text.push_str(&format!("{}\t{}\t{role}\t{state}\t{email}\n", account.id, account.username));
    }
    Ok(text)
}

fn refused(error: chat::Error) -> Failure {
    let field = error.field.map(|field| format!("{field}: ")).unwrap_or_default();
    Failure::new(format!("{field}{}", error.detail.as_deref().unwrap_or(error.code.meaning())))
}

/// From the terminal without showing it, twice; otherwise the first line of standard input. Never an argument: those
/// are seen by everyone on the machine and kept by the shell.
fn read_password() -> Result<String, Failure> {
    if io::stdin().is_terminal() {
        let ask = |prompt: &str| -> Result<String, Failure> {
            io::stderr().write_all(prompt.as_bytes())?;
            Ok(rpassword::read_password()?)
        };
        let password = ask("Password: ")?;
        return match ask("Again: ")? == password {
            true => Ok(password),
            false => Err(Failure::new("the two passwords are not the same")),
        };
    }
    let mut line = String::new();
    io::stdin().lock().take(PASSWORD_LINE_BYTES_MAX).read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
