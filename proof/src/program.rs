//! The server as a process: started, killed, stopped.

use crate::Result;
use rustix::process::{Pid, Signal, kill_process, kill_process_group, test_kill_process_group};
use std::{
    fs::File,
    io::{BufRead, BufReader},
    net::SocketAddr,
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

/// A server on a busy machine may have a large log to go through first.
const START_PATIENCE: Duration = Duration::from_secs(60);
/// What is told to stop has its own patience, and this is beyond it.
const STOP_PATIENCE: Duration = Duration::from_secs(60);
/// Names a bug that the program is to have (`faults`).
const BUG: &str = "PARLOR_SEEDED_BUG";
/// What a wrapper started ends soon after it.
const GROUP_PATIENCE: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// What keeps people from flooding a house would keep a run from loading it. Everything else is as it is served.
const SETTINGS: &[(&str, &str)] = &[
    ("PARLOR_LISTEN", "127.0.0.1:0"),
    ("PARLOR_LOG", "warn"),
    ("PARLOR_CONNECTIONS_MAX", "100000"),
    ("PARLOR_CONNECTIONS_PER_ADDRESS_MAX", "100000"),
    ("PARLOR_REQUESTS_PER_ADDRESS", "1000000/s+1000000"),
    ("PARLOR_SENDS_PER_ACCOUNT", "1000000/s+1000000"),
    ("PARLOR_FRAMES_PER_CONNECTION", "1000000/s+1000000"),
    ("PARLOR_LOOKUPS_PER_ACCOUNT", "1000000/s+1000000"),
    ("PARLOR_SIGN_UPS_PER_ADDRESS", "1000000/s+1000000"),
    ("PARLOR_INVITE_CODES_PER_ADDRESS", "1000000/s+1000000"),
    // Joining counts to it.
    ("PARLOR_ROOMS_PER_ACCOUNT", "1000000/s+1000000"),
];

/// How to start a server.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    /// The program `parlor`.
    pub(crate) program: PathBuf,
    /// Its folder: data, and its log as `parlor.log`.
    pub(crate) folder: PathBuf,
    /// A PostgreSQL instead of SQLite in the folder.
    pub(crate) postgres: Option<String>,
    /// A program, with its arguments, that starts the other one.
    pub(crate) wrapper: Vec<String>,
    /// More settings, and what makes it fail.
    pub(crate) environment: Vec<(String, String)>,
}

impl Recipe {
    /// The same with one more variable.
    #[must_use]
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut recipe = self.clone();
        recipe.environment.push((name.to_owned(), value.to_owned()));
        recipe
    }

    /// The same without a bug that it is told to have.
    #[must_use]
    pub(crate) fn without_bug(&self) -> Self {
        let mut recipe = self.clone();
        recipe.environment.retain(|(name, _)| name != BUG);
        recipe
    }

    /// Whether it is told to have a bug.
    #[must_use]
    pub(crate) fn has_bug(&self) -> bool {
        self.environment.iter().any(|(name, _)| name == BUG)
    }

    /// The folder of its database and of what else it keeps.
    #[must_use]
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The command without its arguments.
    #[must_use]
    pub(crate) fn command(&self) -> Command {
        let mut command = match self.wrapper.split_first() {
            Some((wrapper, arguments)) => {
                let mut command = Command::new(wrapper);
                // Whoever ends the wrapper ends what it started.
                command.args(arguments).arg(&self.program).process_group(0);
                command
            }
            None => Command::new(&self.program),
        };
        command.env_clear().envs(SETTINGS.iter().copied()).env("PARLOR_DATA", self.data());
        if let Some(url) = &self.postgres {
            command.env("PARLOR_DATABASE", url);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.current_dir(&self.folder);
        command
    }
}

/// A server that runs. It is killed when this is dropped.
pub(crate) struct Program {
    child: Child,
    /// It was started by a wrapper, with which it is ended.
    has_group: bool,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Program {
    /// Starts it and waits until it listens.
    ///
    /// # Errors
    /// When it does not start; what it said is in its log.
    pub(crate) async fn start(recipe: &Recipe) -> Result<Self> {
        let recipe = recipe.clone();
        tokio::task::spawn_blocking(move || Self::start_now(&recipe)).await?
    }

    fn start_now(recipe: &Recipe) -> Result<Self> {
        let mut command = recipe.command();
        std::fs::create_dir_all(&recipe.folder)?;
        let log = File::options().create(true).append(true).open(recipe.folder.join("parlor.log"))?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn()?;
        let output = child.stdout.take().ok_or("a server without output")?;
        let (tell, told) = mpsc::sync_channel(1);
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(std::result::Result::ok) {
                // Only the first one matters; the others are read so that it never waits for us.
                let _ = tell.try_send(line);
            }
        });
        let line = told.recv_timeout(START_PATIENCE).unwrap_or_default();
        let address =
            line.rsplit('/').next().and_then(|at| at.replace("localhost", "127.0.0.1").parse().ok());
        match address {
            Some(address) => Ok(Self { child, has_group: !recipe.wrapper.is_empty(), address }),
            None => {
                let mut unknown =
                    Self { child, has_group: !recipe.wrapper.is_empty(), address: ([0; 4], 0).into() };
                let status = unknown.child.try_wait()?;
                unknown.end_at_once()?;
                Err(format!("{:?} did not start ({status:?}): {line}", command.get_program()).into())
            }
        }
    }

    /// Whether it has ended by itself.
    ///
    /// # Errors
    /// When the system does not tell.
    pub(crate) fn has_ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// What it holds in memory, in KiB.
    ///
    /// # Errors
    /// When the system does not tell.
    pub(crate) fn memory_kib(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no word of memory")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }

    /// How many files and connections it has open.
    ///
    /// # Errors
    /// When the system does not tell.
    pub(crate) fn open_files(&self) -> Result<usize> {
        Ok(std::fs::read_dir(format!("/proc/{}/fd", self.child.id()))?.count())
    }

    /// Ends it in the middle of whatever it does.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.end_at_once()
    }

    fn end_at_once(&mut self) -> Result<()> {
        let group = Pid::from_child(&self.child);
        if self.has_group && self.child.try_wait()?.is_none() {
            kill_process_group(group, Signal::KILL)?;
        }
        self.child.kill()?;
        self.child.wait()?;
        // The wrapper is gone; what it started may take a moment more, and keeps the data folder for so long.
        let ended = Instant::now();
        while self.has_group && test_kill_process_group(group).is_ok() && ended.elapsed() < GROUP_PATIENCE {
            thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// Tells it to stop and waits until it has. Gives how it ended and after how long.
    ///
    /// # Errors
    /// When it does not stop.
    pub(crate) async fn stop(mut self) -> Result<(ExitStatus, Duration)> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        tokio::task::spawn_blocking(move || {
            let asked = Instant::now();
            loop {
                if let Some(status) = self.child.try_wait()? {
                    return Ok((status, asked.elapsed()));
                }
                if asked.elapsed() > STOP_PATIENCE {
                    return Err("a server did not stop when it was told to".into());
                }
                thread::sleep(LOOK_EVERY);
            }
        })
        .await?
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.end_at_once();
    }
}
