"""The WebSockets of the dialects and Socket.IO's: the same broken frames as Parlor's own socket gets."""

import contextlib
import functools

from attack import (
    BINARY, CLOSE, CONTINUATION, KEY, PATIENCE_S, PING, PONG, TEXT, Cases, Person, Raw, close, frame, handshake, request, text,
)
from parlor import Server

LIMIT = 65536
part = functools.partial(frame, fin=False)


def addresses(person):
    """Every WebSocket of another system's client."""
    return {
        "Chats": "/ws/general",
        "Chatter-Box": f"/ws/{person.id}",
        "ChatApp": "/ws/3fa9",
        "Chatroom": "/message",
        "Socket.IO 3 and on": "/socket.io/?EIO=4&transport=websocket",
        "Socket.IO 1 and 2": "/socket.io/?EIO=3&transport=websocket",
    }


# The case, the bytes and the code of the close.
ENDINGS = {
    "a reserved bit": (frame(TEXT, b"{}", reserved=4), 1002),
    "an unknown opcode": (frame(3), 1002),
    "an unknown opcode of control": (frame(11), 1002),
    "a frame without a mask": (frame(TEXT, b"{}", masked=False), 1002),
    "a ping of 126 bytes": (frame(PING, b"x" * 126), 1002),
    "a ping in parts": (part(PING) + frame(CONTINUATION), 1002),
    "a continuation of nothing": (frame(CONTINUATION, b"{}"), 1002),
    "a text between parts": (part(TEXT, b"{") + text("{}"), 1002),
    "a length written too long": (frame(TEXT, b"{}", length_bytes=8), 1002),
    "a length over the limit": (frame(TEXT, length=LIMIT + 1), 1009),
    "the longest length": (frame(BINARY, length=2**63 - 1), 1009),
    "parts over the limit": (part(TEXT, b" " * LIMIT) + frame(CONTINUATION, length=1), 1009),
    "a text that is no UTF-8": (frame(TEXT, b"\xc0\xaf"), 1007),
    "parts that are no UTF-8": (part(TEXT, b"\xe0\xa4") + frame(CONTINUATION, b"x"), 1007),
    "the code 1005 in a close": (close(1005), 1002),
    "a close of one byte": (frame(CLOSE, b"\x03"), 1002),
    "a close with code and reason": (close(4321, b"bye"), 4321),
    "a close without a code": (frame(CLOSE), 0),
}


@contextlib.contextmanager
def connected(person, path):
    with Raw(person.server) as raw:
        raw.upgrade(path, person.bearer)
        if "EIO=4" in path:
            # These clients ask to be connected, and nothing else is taken before.
            raw.send(text("40"))
            while not bytes(raw.frame().data).startswith(b"40{"):
                pass
        yield raw


def ends(person, path, data, code):
    with connected(person, path) as raw:
        sending = raw.send_beside(data)
        came = raw.close_code()
        sending.join(PATIENCE_S)
        assert came == code, f"closed with {came}"


def a_ping_between_parts_is_answered(person, path):
    with connected(person, path) as raw:
        packet = b'42["no such event"]' if "socket.io" in path else b'{"content":"'
        raw.send(part(TEXT, packet[:4]), frame(PING, b"there?"), frame(CONTINUATION, packet[4:]), frame(PING, b"still?"))
        pongs = []
        while len(pongs) < 2:
            came = raw.frame()
            assert came.opcode != CLOSE, bytes(came.data)
            pongs += [bytes(came.data)] if came.opcode == PONG else []
        assert pongs == [b"there?", b"still?"]


def the_bytes_may_come_one_by_one(person, path):
    with Raw(person.server) as raw:
        raw.send(*(bytes([byte]) for byte in handshake(path, person.bearer) + frame(PING, b"slowly")))
        assert raw.answer().status == 101
        came = raw.frame()
        while came.opcode != PONG:
            came = raw.frame()
        assert bytes(came.data) == b"slowly"


def pings_without_end_are_over_the_rate(person, path):
    with connected(person, path) as raw:
        raw.send_beside(text("{}" if "socket.io" not in path else "6") * 5_000)
        codes = {int.from_bytes(bytes(came.data[:2]), "big") for came in raw.frames_to_the_end() if came.opcode == CLOSE}
        assert codes == {4029}, codes


def bytes_end_nothing(person, path):
    with connected(person, path) as raw:
        raw.send(frame(BINARY, b"\x00\xff"), frame(PING, b"still?"))
        came = raw.frame()
        while came.opcode != PONG:
            assert came.opcode != CLOSE, bytes(came.data)
            came = raw.frame()


BEHAVIOURS = [a_ping_between_parts_is_answered, the_bytes_may_come_one_by_one, pings_without_end_are_over_the_rate, bytes_end_nothing]

# Texts that make no sense to anybody, and none of which may be an end or an inner error.
NONSENSE = [
    "", "null", "[]", "1", '"x"', "{", "{}", "[" * 30_000, '{"x":' * 8_000, '{"content":1}', '{"content":null}', '{"content":{}}',
    '{"content":"x","receiver_id":1e400}', '{"content":"x","receiver_id":99999999999999999999}', '{"content":"\\ud83e"}',
    '{"content":"a","content":["b"]}', '{"message":{},"username":[]}', '{"type":1}', '{"type":"edit","id":"x"}', "create", "create:",
    "create:::::::", "update:-1:a:b:c", "update:99999999999999999999:a:b:c", "delete:", "delete:-1",
    "delete:1e9", "read:\0", "\0\0", "\ufeff{}",
]


def nonsense_ends_nothing(person, path, words):
    with connected(person, path) as raw:
        raw.send(text(words), frame(PING, b"still?"))
        came = raw.frame()
        while came.opcode != PONG:
            assert came.opcode != CLOSE, bytes(came.data)
            assert b'"internal"' not in bytes(came.data), bytes(came.data)
            came = raw.frame()


# Requests that are no handshake.
def refusals():
    lines = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": KEY,
    }
    for name in lines:
        yield f"without {name}", [f"{other}: {value}" for other, value in lines.items() if other != name]
    whole = [f"{name}: {value}" for name, value in lines.items()]
    yield "with the version 8", [*whole[:2], "Sec-WebSocket-Version: 8", whole[3]]
    yield "with a short key", [*whole[:3], "Sec-WebSocket-Key: c2hvcnQ="]
    yield "with two keys", [*whole, f"Sec-WebSocket-Key: {KEY}"]


def is_refused(person, path, lines):
    with Raw(person.server) as raw:
        raw.send(request([f"GET {path} HTTP/1.1", "Host: localhost", person.bearer, *lines]))
        answer = raw.answer()
        assert answer.status in (400, 404, 422, 426), answer
        assert answer.code or answer.body, answer
        assert answer.status != 426 or answer.header("sec-websocket-version") == "13", answer.headers


# What is offered at /ws/{x}, and what is chosen: the client's first that is known, as it is written.
SUBPROTOCOLS = [
    ("chat_app", "chat_app"),
    ("chatter_box", "chatter_box"),
    ("x, chat_app, chatter_box", "chat_app"),
    ("chatter_box,chat_app", "chatter_box"),
    ("CHAT_APP", ""),
    ("chat_app2", ""),
    ("chat", ""),
    ("", ""),
    (", ,", ""),
    ("chat_app;q=1", ""),
]


def is_chosen(person, path, offered, chosen):
    with Raw(person.server) as raw:
        answer = raw.upgrade(path, person.bearer, f"Sec-WebSocket-Protocol: {offered}")
        assert answer.header("sec-websocket-protocol") == chosen, answer.headers


def main():
    cases = Cases()
    run = functools.partial
    with Server(frames_per_connection="50/s+200") as server:
        person = Person(server)
        for name, path in addresses(person).items():
            cases.run(name, [(case, run(ends, person, path, data, code)) for case, (data, code) in ENDINGS.items()])
            cases.run(name, [(case.__name__.replace("_", " "), run(case, person, path)) for case in BEHAVIOURS])
            cases.run(name, [(f"a request {case}", run(is_refused, person, path, lines)) for case, lines in refusals()])
            if "socket.io" not in path:
                cases.run(name, [(f"nonsense: {words[:32]!r}", run(nonsense_ends_nothing, person, path, words)) for words in NONSENSE])
        chosen = [(f"{offered!r}", run(is_chosen, person, f"/ws/{person.id}", offered, chosen)) for offered, chosen in SUBPROTOCOLS]
        cases.run("subprotocols", chosen)
        assert '"code":"internal"' not in server.printed() and "panicked" not in server.printed()
    cases.end()


if __name__ == "__main__":
    main()
