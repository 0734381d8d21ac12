//! A PostgreSQL.

use super::free_port;
use crate::Result;
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs,
    net::SocketAddr,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const START_PATIENCE: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Who owns its files when the run is root's: PostgreSQL refuses to be root.
const OWNER: &str = "postgres";

/// A PostgreSQL in a folder of its own. It is stopped when this is dropped.
pub(crate) struct Postgres {
    folder: TempDir,
    bin: PathBuf,
    owner: Option<(u32, u32)>,
    flushes: bool,
    child: Option<Child>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Postgres {
    /// Makes one and starts it. One that does not flush is faster and loses nothing as long as the machine lives.
    ///
    /// # Errors
    /// When its programs are not there, or it does not start.
    pub(crate) fn start(flushes: bool) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("parlor-postgres-").tempdir()?;
        let owner = if rustix::process::getuid().is_root() { Some(owner()?) } else { None };
        if let Some((user, group)) = owner {
            chown(folder.path(), Some(user), Some(group))?;
        }
        let mut postgres = Self { folder, bin: bin()?, owner, flushes, child: None, address: free_port()? };
        let mut initdb = postgres.command("initdb");
        initdb.args(["--username=parlor", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        let made = initdb.arg("--pgdata").arg(postgres.data()).stdout(Stdio::null()).output()?;
        if !made.status.success() {
            return Err(format!("no database was made: {}", String::from_utf8_lossy(&made.stderr)).into());
        }
        postgres.begin()?;
        Ok(postgres)
    }

    /// Its database by way of an address that leads to it.
    #[must_use]
    pub(crate) fn url(through: SocketAddr, database: &str) -> String {
        format!("postgres://parlor@{through}/{database}")
    }

    /// Makes a database, and gives its address.
    ///
    /// # Errors
    /// When there is one of that name.
    pub(crate) fn new_database(&self, name: &str) -> Result<String> {
        self.run(&format!("CREATE DATABASE {name}"))?;
        Ok(Self::url(self.address, name))
    }

    /// Starts it where it was, and waits until it takes connections.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) fn begin(&mut self) -> Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < START_PATIENCE {
            let mut child = self.server().spawn()?;
            loop {
                // It refuses while a process of the one that was killed is still there.
                if child.try_wait()?.is_some() {
                    break;
                }
                if self.is_ready()? {
                    self.child = Some(child);
                    return Ok(());
                }
                if begun.elapsed() > START_PATIENCE {
                    child.kill()?;
                    child.wait()?;
                    break;
                }
                thread::sleep(LOOK_EVERY);
            }
            thread::sleep(LOOK_EVERY);
        }
        Err("PostgreSQL does not start".into())
    }

    /// Ends it: in the middle of whatever it does, or in order, with the sessions of now.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn end(&mut self, in_order: bool) -> Result<()> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        let signal = if in_order { Signal::INT } else { Signal::KILL };
        kill_process(Pid::from_child(&child), signal)?;
        child.wait()?;
        Ok(())
    }

    /// Runs a statement, as the owner of everything.
    ///
    /// # Errors
    /// When it fails.
    pub(crate) fn run(&self, statement: &str) -> Result<()> {
        let mut psql = self.command("psql");
        psql.args(["--no-psqlrc", "--quiet", "--username=parlor", "--host=127.0.0.1", "--dbname=template1"]);
        psql.args(["--port", &self.address.port().to_string(), "--command", statement]);
        let done = psql.stdout(Stdio::null()).output()?;
        if done.status.success() {
            return Ok(());
        }
        Err(format!("{statement}: {}", String::from_utf8_lossy(&done.stderr)).into())
    }

    fn is_ready(&self) -> Result<bool> {
        let mut asked = self.command("pg_isready");
        asked.args(["--quiet", "--host=127.0.0.1", "--username=parlor", "--port"]);
        Ok(asked.arg(self.address.port().to_string()).status()?.success())
    }

    fn server(&self) -> Command {
        let mut server = self.command("postgres");
        let port = format!("port={}", self.address.port());
        let fsync = if self.flushes { "fsync=on" } else { "fsync=off" };
        let settings = ["listen_addresses=127.0.0.1", &port, fsync, "max_connections=200"];
        server.arg("-D").arg(self.data()).arg("-k").arg(self.folder.path());
        settings.iter().for_each(|setting| {
            server.args(["-c", setting]);
        });
        server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        server
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command.current_dir(self.folder.path());
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.end(true);
    }
}

/// Where its programs are: Debian keeps them out of the path, a folder for each version.
fn bin() -> Result<PathBuf> {
    if let Some(bin) = std::env::var_os("PARLOR_POSTGRES_BIN") {
        return Ok(bin.into());
    }
    let versions =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(std::result::Result::ok);
    let mut bins: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    let paths = std::env::var_os("PATH").unwrap_or_default();
    bins.sort();
    bins.splice(0..0, std::env::split_paths(&paths));
    let found =
        bins.into_iter().rev().find(|bin| bin.join("initdb").exists() && bin.join("postgres").exists());
    found.ok_or_else(|| "no PostgreSQL server found: name the folder of initdb in PARLOR_POSTGRES_BIN".into())
}

fn owner() -> Result<(u32, u32)> {
    let people = fs::read_to_string(Path::new("/etc/passwd"))?;
    let mut lines = people.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let found = lines.find(|fields| fields.first() == Some(&OWNER)).ok_or("there is no user postgres")?;
    let number =
        |at: usize| found.get(at).and_then(|field| field.parse().ok()).ok_or("a user without a number");
    Ok((number(2)?, number(3)?))
}
