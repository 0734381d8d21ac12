//! Servers as processes: started on their cores, asked where they listen, ended.

use crate::{
    Outcome,
    cores::{Cores, Given},
};
use rustix::process::{Pid, Resource, Signal, getrlimit, kill_process, setrlimit};
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, ChildStdout, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

/// A server on a busy machine may open a large database first.
const START_PATIENCE: Duration = Duration::from_secs(30);
/// What was asked to stop may finish what it does.
const STOP_PATIENCE: Duration = Duration::from_secs(15);
const STOP_LOOK_EVERY: Duration = Duration::from_millis(2);

/// Each connection is an open file, here and in the servers, which inherit the limit.
pub(crate) fn allow_many_files() -> Outcome<()> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    Ok(setrlimit(Resource::Nofile, limit)?)
}

/// A server that runs as a process. It is ended when this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts it on its cores and waits for the line that ends with its address.
    pub(crate) fn start(mut command: Command, given: &Given, cores: Cores) -> Outcome<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = given.on(cores, || command.spawn())??;
        let output = child.stdout.take().ok_or("a server without output")?;
        match first_line(output).recv_timeout(START_PATIENCE).ok().as_deref().and_then(address_in) {
            Some(address) => Ok(Self { child, address }),
            None => {
                child.kill()?;
                let status = child.wait()?;
                Err(format!("{command:?} does not say where it listens ({status})").into())
            }
        }
    }

    /// Its number among the system's processes.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop and waits until it has.
    pub(crate) fn stop(mut self) -> Outcome<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let asked = Instant::now();
        while self.child.try_wait()?.is_none() {
            if asked.elapsed() > STOP_PATIENCE {
                return Err("a server did not stop when it was asked to".into());
            }
            thread::sleep(STOP_LOOK_EVERY);
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The nodes of one installation; most have one.
pub(crate) struct Servers(pub(crate) Vec<Server>);

impl Servers {
    /// Where they listen.
    pub(crate) fn addresses(&self) -> Vec<SocketAddr> {
        self.0.iter().map(|server| server.address).collect()
    }

    /// Their numbers among the system's processes.
    pub(crate) fn ids(&self) -> Vec<u32> {
        self.0.iter().map(Server::id).collect()
    }

    /// Asks them to stop, one after the other, and waits until they have.
    pub(crate) fn stop(self) -> Outcome<()> {
        self.0.into_iter().try_for_each(Server::stop)
    }
}

/// The first line that a server writes. What follows is read and forgotten, so that it never waits for us.
fn first_line(output: ChildStdout) -> mpsc::Receiver<String> {
    let (tell, told) = mpsc::sync_channel(1);
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // Nobody waits for any line but the first.
            let _ = tell.try_send(line);
        }
    });
    told
}

fn address_in(line: &str) -> Option<SocketAddr> {
    let place = line.rsplit(['/', ' ']).next()?;
    place.replace("localhost", "127.0.0.1").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_ends_the_line() {
        let address = Some("127.0.0.1:8000".parse().unwrap());
        assert_eq!(address_in("Parlor listens on http://localhost:8000"), address);
        assert_eq!(address_in("listens on 127.0.0.1:8000"), address);
        assert_eq!(address_in("no"), None);
    }
}
