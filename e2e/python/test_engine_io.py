"""Packets and bodies of Engine.IO and Socket.IO that are none: answered in the protocol's own numbers, and nobody else notices."""

import functools
import json

import requests

from attack import CLOSE, PATIENCE_S, PING, PONG, Cases, Person, Raw, frame, request, text
from parlor import Server

POLLING = "/socket.io/?EIO={}&transport=polling"
# A query and the number of the answer: 0 transport, 1 session, 2 method, 3 request, 5 revision.
QUERIES = [
    ("", 5), ("transport=polling", 5), ("EIO=2&transport=polling", 5), ("EIO=5&transport=polling", 5), ("EIO=4x&transport=polling", 5),
    ("EIO=&transport=polling", 5), ("EIO=4", 0), ("EIO=4&transport=", 0), ("EIO=4&transport=flash", 0), ("EIO=4&transport=POLLING", 0),
    ("EIO=3&transport=polling&j=0", 0), ("EIO=4&transport=polling&sid=", 1), ("EIO=4&transport=polling&sid=unknown", 1),
    ("EIO=4&transport=polling&sid=%00", 1), ("EIO=4&transport=websocket&sid=unknown", 1), ("EIO=4&transport=polling&sid=" + "x" * 2000, 1),
]


class Polling:
    """A session by polling, whose first packet was read."""

    def __init__(self, person, revision):
        self.path = person.server.url + POLLING.format(revision)
        self.headers = {"Authorization": f"Bearer {person.token}"}
        opened = requests.get(self.path, headers=self.headers, timeout=PATIENCE_S)
        assert opened.status_code == 200, opened.text
        # Revision 3 says lengths, and more may come with it.
        self.id = json.loads(opened.text[opened.text.index("{") : opened.text.index("}") + 1])["sid"]
        self.path += f"&sid={self.id}"

    def post(self, body, kind="text/plain;charset=UTF-8"):
        if isinstance(body, str):
            body = body.encode()
        return requests.post(self.path, data=body, headers=self.headers | {"Content-Type": kind}, timeout=PATIENCE_S)

    def poll(self):
        return requests.get(self.path, headers=self.headers, timeout=PATIENCE_S)


def is_answered_by_number(person, query, number):
    for send in (requests.get, requests.post):
        answer = send(f"{person.server.url}/socket.io/?{query}", data=b"" if send is requests.post else None, timeout=PATIENCE_S)
        assert answer.status_code == 400 and answer.json()["code"] == number, answer.text


LETTERS = "text/plain;charset=UTF-8"
BYTES = "application/octet-stream"
# Bodies that are none: the revision, what they are and the kind.
BODIES = [
    (4, "nothing", b"", LETTERS),
    (4, "a separator alone", b"\x1e", LETTERS),
    (4, "a separator at the end", b"42[]\x1e", LETTERS),
    (4, "a separator too many", b"2\x1e\x1e2", LETTERS),
    (4, "a packet of an unknown kind", b"9", LETTERS),
    (4, "an opening packet", b"0{}", LETTERS),
    (4, "no UTF-8", b"4\xff", LETTERS),
    (4, "half a letter", "4ग".encode()[:-1], LETTERS),
    (4, "a thousand and one packets", b"\x1e".join([b"6"] * 1001), LETTERS),
    (4, "a million separators", b"\x1e" * 1_000_000, LETTERS),
    (4, "the form of revision 3", b"9:42[\"x\",1]", LETTERS),
    (3, "no length", b"40", LETTERS),
    (3, "a length too long", b"3:40", LETTERS),
    (3, "a length too short", b"1:40", LETTERS),
    (3, "a length that is no number", b"x:40", LETTERS),
    (3, "a length below nothing", b"-1:40", LETTERS),
    (3, "a length with a sign", b"+2:4", LETTERS),
    (3, "a length of nothing", b"0:", LETTERS),
    (3, "a length of forty digits", b"9" * 40 + b":4", LETTERS),
    (3, "a length inside of a letter", "2:4👋".encode(), LETTERS),
    (3, "a length and no colon", b"5" * 100_000, LETTERS),
    (3, "a thousand and one packets", b"1:6" * 1001, LETTERS),
    (3, "bytes of an unknown kind", b"\x02\x01\xff2", BYTES),
    (3, "bytes without an end of the length", b"\x00" * 1000, BYTES),
    (3, "bytes with a digit that is none", b"\x00\x0b\xff2", BYTES),
    (3, "bytes that are cut off", b"\x00\x05\xff4", BYTES),
    (3, "bytes that are no UTF-8", b"\x00\x02\xff4\xff", BYTES),
]


def is_no_body(person, revision, body, kind):
    session = Polling(person, revision)
    answer = session.post(body, kind)
    assert answer.status_code == 400 and answer.json()["code"] == 3, answer.text


def a_body_over_the_limit_is_too_large(person):
    assert Polling(person, 4).post("4" + "x" * 1_100_000).status_code == 413


# Packets of Socket.IO that mean nothing, after which the session goes on or ends with its own client alone.
PACKETS = [
    "4", "49", "42", "42[]", "42[1]", "42{}", '42["message"]', '42["message",1]', '42["message",null,{}]', '42["message",{"msg":[]}]',
    "42" + "[" * 20_000, "42999999999999999999999999[]", '425["unknown"]', '42/admin,["message","x"]', "40/admin,", "40/admin,{", "40{",
    "40[", '40{"token":1}', "431[]", '451-["message",{"_placeholder":true,"num":0}]', '4599999999999-["x"]', "45-", "461-1[]", "44{}", "41",
    "bAQID", "5", "6", "3", "2", "2probe", '42["private_message",{"msg":"x","room":{}}]', '42["build_private_room",[]]',
]


def harms_nobody(person, neighbour, packet):
    by_polling = Polling(person, 4)
    by_polling.post("40")
    assert by_polling.post(packet).status_code in (200, 400)
    with Raw(person.server) as raw:
        raw.upgrade("/socket.io/?EIO=4&transport=websocket", person.bearer)
        raw.send(text("40"), text(packet), frame(PING, b"?"))
        for came in iter(raw.frame, None):
            assert b'"internal"' not in bytes(came.data), bytes(came.data)
            if came.opcode in (PONG, CLOSE):
                break
    neighbour.send(frame(PING, b"there"))
    came = neighbour.frame()
    while came.opcode != PONG:
        came = neighbour.frame()


def two_polls_at_once_lose_the_session(person):
    session = Polling(person, 4)
    session.post("40")
    while "40" not in session.poll().text:
        pass
    first = Raw(person.server)
    with first:
        path = session.path.removeprefix(person.server.url)
        poll = request([f"GET {path} HTTP/1.1", "Host: localhost", person.bearer])
        first.send(poll)
        answers = [session.poll().status_code for _ in range(2)]
        assert 400 in answers, answers


def a_websocket_that_says_something_else_does_not_take_the_session(person):
    session = Polling(person, 4)
    session.post("40")
    with Raw(person.server) as raw:
        raw.upgrade("/socket.io/?EIO=4&transport=websocket&sid=" + session.id, person.bearer)
        raw.send(text("42[]"))
        assert raw.close_code() == 1000
    assert "40{" in session.poll().text


def a_session_is_gone_when_its_client_said_so(person):
    session = Polling(person, 4)
    assert session.post("1").status_code == 200
    answer = session.poll()
    while answer.status_code == 200:
        answer = session.poll()
    assert answer.json()["code"] == 1, answer.text


ENGINE = [
    a_body_over_the_limit_is_too_large,
    two_polls_at_once_lose_the_session,
    a_websocket_that_says_something_else_does_not_take_the_session,
    a_session_is_gone_when_its_client_said_so,
]


def main():
    cases = Cases()
    run = functools.partial
    with Server() as server:
        person, other = Person(server), Person(server)
        cases.run("queries", [(query[:60] or "no query", run(is_answered_by_number, person, query, n)) for query, n in QUERIES])
        bodies = [(f"revision {revision}, {name}", run(is_no_body, person, revision, body, kind)) for revision, name, body, kind in BODIES]
        cases.run("bodies", bodies)
        cases.run("sessions", [(case.__name__.replace("_", " "), run(case, person)) for case in ENGINE])
        with other.socket() as beside:
            packets = [(f"the packet {packet[:32]!r}", run(harms_nobody, person, beside, packet)) for packet in PACKETS]
            cases.run("packets", packets, at_once=1)
        assert '"code":"internal"' not in server.printed() and "panicked" not in server.printed()
    cases.end()


if __name__ == "__main__":
    main()
