//! The real program in a folder of its own, started and stopped as an operator would.

use crate::client::DEADLINE;
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::Instant,
};

/// The program with these arguments, in this folder, with nothing of our environment that could change what it does.
pub fn parlor(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlor"));
    command.args(arguments).current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

/// Runs a command to its end with this on its standard input.
pub fn with_input(command: &mut Command, input: &str) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // It may end without reading.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// A server that runs as a process.
pub struct Program {
    child: Child,
    pub address: SocketAddr,
    /// The link for the administrator's account, when it was printed.
    pub setup_link: Option<String>,
}

impl Program {
    /// Starts it and waits until it listens. Its log is in the folder.
    pub async fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::start_with(folder, arguments, &[]).await
    }

    pub async fn start_with(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = parlor(folder, arguments);
        command.envs(environment.iter().copied()).stdout(Stdio::piped());
        let log = folder.join("parlor.log");
        command.stderr(File::options().create(true).append(true).open(&log).unwrap());
        tokio::task::spawn_blocking(move || {
            let mut child = command.spawn().unwrap();
            let mut output = BufReader::new(child.stdout.take().unwrap());
            let mut line = String::new();
            output.read_line(&mut line).unwrap();
            let Some(url) = line.trim().strip_prefix("Parlor listens on ") else {
                let _ = child.wait();
                panic!("it said {line:?} and {}", std::fs::read_to_string(log).unwrap());
            };
            let address =
                url.strip_prefix("http://").unwrap().replace("localhost", "127.0.0.1").parse().unwrap();
            // Both lines are written at once.
            let rest = String::from_utf8(output.buffer().to_vec()).unwrap();
            let link = rest.lines().find_map(|line| line.strip_prefix("Make the administrator's account: "));
            Self { child, address, setup_link: link.map(str::to_owned) }
        })
        .await
        .unwrap()
    }

    /// Tells it to stop and waits until it has, without a failure.
    pub async fn stop(mut self) {
        self.signal(Signal::TERM);
        let status = tokio::task::spawn_blocking(move || self.ended()).await.unwrap();
        assert!(status.success(), "{status}");
    }

    /// Ends it in the middle of whatever it does.
    pub async fn kill(mut self) {
        self.signal(Signal::KILL);
        tokio::task::spawn_blocking(move || self.ended()).await.unwrap();
    }

    /// Tells it something.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    fn ended(&mut self) -> std::process::ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < DEADLINE, "it does not stop");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A failed test should not leave a server behind. It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
