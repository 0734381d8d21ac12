//! A Redis of its own on a free port, which a story may kill, stop and start again.

use rustix::process::{Pid, Signal, kill_process};
use std::{
    io::{ErrorKind, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

const DEADLINE: Duration = Duration::from_secs(20);

pub struct RedisServer {
    folder: TempDir,
    pub address: SocketAddr,
    child: Option<Child>,
}

impl RedisServer {
    /// Starts one. Panics when there is none to start: a story that is skipped in silence proves nothing.
    pub fn start() -> Self {
        // Between looking for a free port and taking it somebody else may take it.
        for _ in 0..10 {
            let port = free_port();
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            let folder = tempfile::Builder::new().prefix("parlor-redis-").tempdir().unwrap();
            let mut server = Self { folder, address, child: None };
            if server.try_begin() {
                return server;
            }
        }
        panic!("no Redis could be started");
    }

    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// Starts it again on the same port.
    pub fn begin(&mut self) {
        assert!(self.try_begin(), "Redis does not start again");
    }

    fn try_begin(&mut self) -> bool {
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &self.address.port().to_string()])
            .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
            .arg("--dir")
            .arg(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                panic!("these stories need redis-server (Debian: apt-get install redis-server)")
            }
            Err(error) => panic!("{error}"),
        };
        let begun = Instant::now();
        while begun.elapsed() < DEADLINE {
            if child.try_wait().unwrap().is_some() {
                return false;
            }
            if answers(self.address) {
                self.child = Some(child);
                return true;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = child.kill();
        panic!("Redis does not answer");
    }

    /// Ends it in the middle of whatever it does.
    pub fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Lets it stand still: connections stay open and nothing is answered.
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    pub fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(self.child.as_ref().unwrap()), signal).unwrap();
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

fn answers(address: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect_timeout(&address, Duration::from_millis(200)) else {
        return false;
    };
    let _ = stream.set_read_timeout(Some(Duration::from_millis(200)));
    let mut answer = [0; 7];
    stream.write_all(b"PING\r\n").is_ok() && stream.read_exact(&mut answer).is_ok() && answer == *b"+PONG\r\n"
}
