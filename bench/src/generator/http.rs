//! Plain requests over one kept connection.

use crate::Outcome;
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// Nothing here is answered as late as this, on any machine.
const PATIENCE: Duration = Duration::from_secs(60);
const READ_LEN: usize = 64 * 1024;

/// A connection for requests, one after the other or several at once.
pub(crate) struct Asker {
    socket: TcpStream,
    address: SocketAddr,
    token: Option<String>,
    received: Vec<u8>,
}

impl Asker {
    pub(crate) fn connect(address: SocketAddr, token: Option<&str>) -> Outcome<Self> {
        let socket = TcpStream::connect(address)?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { socket, address, token: token.map(str::to_owned), received: Vec::new() })
    }

    /// Asks and waits for the body of the answer, which must be 200.
    pub(crate) fn get(&mut self, path: &str) -> Outcome<Vec<u8>> {
        self.ask(path)?;
        self.answer()
    }

    /// Asks without waiting.
    pub(crate) fn ask(&mut self, path: &str) -> Outcome<()> {
        let token = self.token.as_ref().map(|token| format!("Authorization: Bearer {token}\r\n"));
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{}\r\n", self.address, token.unwrap_or_default());
        Ok(self.socket.write_all(request.as_bytes())?)
    }

    /// Waits for the body of the oldest answer.
    pub(crate) fn answer(&mut self) -> Outcome<Vec<u8>> {
        loop {
            if let Some((head_len, body_len)) = answer_in(&self.received)? {
                let rest = self.received.split_off(head_len + body_len);
                let mut answer = std::mem::replace(&mut self.received, rest);
                return Ok(answer.split_off(head_len));
            }
            let had = self.received.len();
            self.received.resize(had + READ_LEN, 0);
            let read = self.socket.read(self.received.get_mut(had..).unwrap_or_default())?;
            self.received.truncate(had + read);
            if read == 0 {
                return Err("the server ended a connection without an answer".into());
            }
        }
    }
}

/// How long head and body of the answer at the beginning are; `None` while it is not all there.
fn answer_in(bytes: &[u8]) -> Outcome<Option<(usize, usize)>> {
    const END: &[u8] = b"\r\n\r\n";
    let Some(end) = bytes.windows(END.len()).position(|window| window == END) else { return Ok(None) };
    let head = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default());
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    if !status.starts_with("HTTP/1.1 200 ") {
        return Err(format!("the server answered {status}").into());
    }
    let len = lines.filter_map(|line| line.split_once(':')).find_map(|(name, value)| {
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let body_len = len.ok_or("an answer without its length")?;
    let head_len = end + END.len();
    Ok((bytes.len() >= head_len + body_len).then_some((head_len, body_len)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_there_when_its_whole_body_is() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbodyHTTP";
        assert_eq!(answer_in(answer).unwrap(), Some((38, 4)));
        assert_eq!(answer_in(&answer[..40]).unwrap(), None);
        assert_eq!(answer_in(&answer[..20]).unwrap(), None);
        assert!(answer_in(b"HTTP/1.1 429 Too Many Requests\r\n\r\n").is_err());
        assert!(answer_in(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
