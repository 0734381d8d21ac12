//! A Redis.

use super::free_port;
use crate::Result;
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const START_PATIENCE: Duration = Duration::from_secs(20);
const ANSWER_PATIENCE: Duration = Duration::from_millis(200);
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// A Redis that keeps nothing. It is killed when this is dropped.
pub(crate) struct Redis {
    folder: TempDir,
    child: Option<Child>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Redis {
    /// Starts one.
    ///
    /// # Errors
    /// When there is no program `redis-server`, or it does not start.
    pub(crate) fn start() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("parlor-redis-").tempdir()?;
        let mut redis = Self { folder, child: None, address: free_port()? };
        redis.begin()?;
        Ok(redis)
    }

    /// Starts it where it was, and waits until it answers.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) fn begin(&mut self) -> Result<()> {
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &self.address.port().to_string()])
            .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
            .arg("--dir")
            .arg(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        self.child = Some(child);
        let begun = Instant::now();
        while !self.answers() {
            if begun.elapsed() > START_PATIENCE {
                return Err("Redis does not answer".into());
            }
            thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// Ends it in the middle of whatever it does.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    fn answers(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect_timeout(&self.address, ANSWER_PATIENCE) else { return false };
        let mut answer = [0; 7];
        stream.set_read_timeout(Some(ANSWER_PATIENCE)).is_ok()
            && stream.write_all(b"PING\r\n").is_ok()
            && stream.read_exact(&mut answer).is_ok()
            && answer == *b"+PONG\r\n"
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.kill();
    }
}
