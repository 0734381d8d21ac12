"""Bytes on the wire that no well-behaved client would send, and the table of cases that the attacks beside this file run."""

import concurrent.futures
import contextlib
import itertools
import json
import os
import pathlib
import re
import resource
import socket
import sqlite3
import struct
import sys
import threading
import traceback

import requests
from websockets.frames import Frame
from websockets.streams import StreamReader
from websockets.utils import accept_key

PATIENCE_S = 20
PASSWORD = "correct horse battery"
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10
# Cases that run beside each other: most of them wait for the other end.
AT_ONCE = 8
names = itertools.count(1)


def frame(opcode, payload=b"", fin=True, reserved=0, masked=True, length=None, length_bytes=None):
    """A frame as a client sends it, with whatever is asked for wrong about it. `length` is said in place of the payload's own,
    `length_bytes` says by how many bytes after the first two: 0, 2 or 8."""
    if isinstance(payload, str):
        payload = payload.encode()
    said = len(payload) if length is None else length
    if length_bytes is None:
        length_bytes = 0 if said < 126 else 2 if said < 65536 else 8
    short = {0: said, 2: 126, 8: 127}[length_bytes]
    head = struct.pack("!BB", fin << 7 | reserved << 4 | opcode, masked << 7 | short)
    head += said.to_bytes(length_bytes, "big") if length_bytes else b""
    if not masked:
        return head + payload
    mask = os.urandom(4)
    whole = int.from_bytes((mask * (len(payload) // 4 + 1))[: len(payload)], "big")
    return head + mask + (int.from_bytes(payload, "big") ^ whole).to_bytes(len(payload), "big")


def text(words):
    """A text frame: of these words, or of JSON."""
    return frame(TEXT, words if isinstance(words, (str, bytes)) else json.dumps(words))


def close(code, reason=b""):
    return frame(CLOSE, struct.pack("!H", code) + reason)


def handshake(path, *lines, method="GET", version="HTTP/1.1", key=KEY):
    """The request for a WebSocket, with more header lines."""
    head = [f"{method} {path} {version}", "Host: localhost", "Connection: Upgrade", "Upgrade: websocket"]
    head += ["Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}", *lines]
    return request(head)


def request(lines, body=b""):
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


class Answer:
    """A response as it stood on the wire."""

    def __init__(self, head, body):
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split(" ")[1])
        self.headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            self.headers.setdefault(name.lower(), []).append(value.strip())
        self.body = body

    def header(self, name):
        return ", ".join(self.headers.get(name, []))

    @property
    def code(self):
        """The stable code that it gives, if it is an error."""
        with contextlib.suppress(ValueError, AttributeError):
            return json.loads(self.body).get("code")

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


class Raw:
    """One connection. What the server says is read by the `websockets` library, which is strict about it."""

    def __init__(self, server, receive_buffer=None):
        host, port = server.url.removeprefix("http://").split(":")
        self.tcp = socket.socket()
        if receive_buffer:
            self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.tcp.settimeout(PATIENCE_S)
        self.tcp.connect((host, int(port)))
        self.tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader = StreamReader()
        self.ended = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.tcp.close()

    def send(self, *pieces):
        """Sends the pieces, each by itself. That the server hung up meanwhile is seen by what it said."""
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                self.tcp.sendall(piece)

    def send_beside(self, *pieces):
        """The same while somebody reads."""
        thread = threading.Thread(target=self.send, args=pieces, daemon=True)
        thread.start()
        return thread

    def finish(self, parsing):
        """Reads until a generator of the library has what it wants; `EOFError` at the end of the connection."""
        while True:
            try:
                next(parsing)
            except StopIteration as done:
                return done.value
            try:
                came = self.tcp.recv(65536)
            except ConnectionError:
                came = b""
            if came:
                self.reader.feed_data(came)
            elif not self.ended:
                self.ended = True
                self.reader.feed_eof()

    def answer(self):
        """The next response of HTTP."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += bytes(self.finish(self.reader.read_line(65536)))
        answer = Answer(head[:-4], b"")
        length = answer.header("content-length")
        if length and answer.status >= 200:
            answer.body = bytes(self.finish(self.reader.read_exact(int(length))))
        return answer

    def frame(self):
        """The next frame, which is never masked."""
        return self.finish(Frame.parse(self.reader.read_exact, mask=False, max_size=None))

    def upgrade(self, path, *lines, **more):
        self.send(handshake(path, *lines, **more))
        answer = self.answer()
        assert answer.status == 101, answer
        assert answer.header("sec-websocket-accept") == accept_key(more.get("key", KEY))
        assert "sec-websocket-extensions" not in answer.headers
        return answer

    def frames_to_the_end(self):
        """Everything until the server hangs up."""
        frames = []
        with contextlib.suppress(EOFError):
            while True:
                frames.append(self.frame())
        return frames

    def close_code(self):
        """The code of its close frame, 0 if it has none. Answers it; then the server must hang up and say nothing more."""
        while True:
            came = self.frame()
            if came.opcode == CLOSE:
                break
        data = bytes(came.data)
        self.send(frame(CLOSE, data[:2]))
        after = [came for came in self.frames_to_the_end() if came.opcode != PONG]
        assert not after, f"after its close came {after}"
        return struct.unpack("!H", data[:2])[0] if data else 0

    def hear(self, **wanted):
        """The next JSON in which these stand; what else is said before is left out."""
        while True:
            came = self.frame()
            assert came.opcode != CLOSE, f"closed: {bytes(came.data)!r}"
            if came.opcode == TEXT:
                said = json.loads(bytes(came.data))
                if all(said.get(name) == value for name, value in wanted.items()):
                    return said


class Person:
    """Somebody who signed up by the API and signed in."""

    def __init__(self, server):
        self.server = server
        self.name = f"person{os.getpid()}x{next(names)}"
        body = {"username": self.name, "password": PASSWORD}
        made = requests.post(f"{server.url}/api/v1/accounts", json=body, timeout=PATIENCE_S)
        assert made.status_code == 201, made.text
        self.token = made.json()["token"]
        self.id = made.json()["account"]["id"]
        self.bearer = f"Authorization: Bearer {self.token}"
        self.cookie = f"parlor_session={made.cookies['parlor_session']}"
        self.sent = itertools.count(1)

    def sign_in(self, kind="opaque"):
        body = {"login": self.name, "password": PASSWORD, "token_kind": kind}
        return requests.post(f"{self.server.url}/api/v1/sessions", json=body, timeout=PATIENCE_S).json()

    @contextlib.contextmanager
    def socket(self):
        """Parlor's own socket, after the welcome."""
        with Raw(self.server) as raw:
            raw.upgrade("/api/v1/socket", self.bearer)
            raw.send(text({"op": "hello"}))
            raw.hear(op="welcome")
            yield raw

    def say(self, words="hello"):
        """Posts into General; the status."""
        body = {"cid": f"{self.name}-{next(self.sent)}", "body": words}
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.server.url}/api/v1/conversations/1/messages"
        return requests.post(url, json=body, headers=headers, timeout=PATIENCE_S).status_code


def goes_on(raw):
    """The connection is as good as before: what is asked is answered, and nothing was refused meanwhile."""
    raw.send(text({"op": "ping"}))
    said = raw.hear()
    while said["op"] != "pong":
        assert said["op"] != "nack", said
        said = raw.hear()


def memory_kib(server):
    """What the server holds of the machine's memory."""
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1])


def stored(server, statement):
    """Reads from the server's database."""
    with contextlib.closing(sqlite3.connect(os.path.join(server.folder, "data", "parlor.db"))) as database:
        return database.execute(statement).fetchall()


def allow_many_files():
    """Each connection is an open file here too."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Cases:
    """Runs cases and counts. A case is a name and a function without arguments that fails by an exception."""

    def __init__(self):
        self.by_group = {}
        self.failed = 0

    def run(self, group, cases, at_once=AT_ONCE):
        cases = list(cases)
        known = set()
        for name, _ in cases:
            assert name not in known, f"two cases of {group} are called {name}"
            known.add(name)
        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            begun = [(name, pool.submit(case)) for name, case in cases]
            for name, done in begun:
                self._count(group, name, done)

    def _count(self, group, name, done):
        self.by_group[group] = self.by_group.get(group, 0) + 1
        wrong = done.exception()
        if wrong is None:
            print(f"ok: {group}: {name}")
            return
        self.failed += 1
        print(f"not ok: {group}: {name}")
        traceback.print_exception(wrong, file=sys.stdout)

    def end(self, figures=""):
        """Says how many there were and ends the script."""
        total = sum(self.by_group.values())
        groups = ", ".join(f"{group} {number}" for group, number in self.by_group.items())
        print(f"{total - self.failed} passed, {self.failed} failed ({groups}){figures and '; ' + figures}", flush=True)
        sys.exit(1 if self.failed else 0)
