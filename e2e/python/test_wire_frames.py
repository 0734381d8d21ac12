"""Frames on Parlor's own socket, by the sections of RFC 6455: what is allowed is taken, what is not ends the connection with the
right code, and nobody else notices."""

import functools
import json
import socket
import struct

import requests

from attack import (
    BINARY, CLOSE, CONTINUATION, PATIENCE_S, PING, PONG, TEXT, Cases, Person, Raw, close, frame, goes_on, text,
)
from parlor import Server

LIMIT = 65536
PING_OP = b'{"op":"ping"}'
part = functools.partial(frame, fin=False)


def padded(length):
    return frame(TEXT, PING_OP.ljust(length))


def in_parts(words, size=1):
    """A text, so many bytes in each frame."""
    pieces = [words[at : at + size] for at in range(0, len(words), size)]
    kinds = [TEXT] + [CONTINUATION] * (len(pieces) - 1)
    return b"".join(frame(kind, piece, fin=number == len(pieces)) for number, (kind, piece) in enumerate(zip(kinds, pieces), 1))


# What ends the connection: the section, the case, the bytes and the code.
def endings():
    for bit in (1, 2, 4):
        yield "5.2", f"reserved bit {bit} on a text", frame(TEXT, PING_OP, reserved=bit), 1002
    yield "5.2", "all reserved bits on a ping", frame(PING, reserved=7), 1002
    yield "5.2", "a reserved bit on a close", frame(CLOSE, b"\x03\xe8", reserved=1), 1002
    yield "5.2", "a reserved bit on a continuation", part(TEXT, b"{") + frame(CONTINUATION, b"}", reserved=4), 1002
    for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
        yield "5.2", f"the unknown opcode {opcode}", frame(opcode), 1002
    yield "5.2", "a part of an unknown opcode", part(3, b"x"), 1002
    yield "5.2", "the unknown opcode 15 with a body", frame(15, b"x" * 50), 1002
    for opcode, kind in ((TEXT, "text"), (PING, "ping"), (PONG, "pong"), (CLOSE, "close"), (CONTINUATION, "continuation")):
        yield "5.1", f"a {kind} without a mask", frame(opcode, masked=False), 1002
    yield "5.1", "a second frame without a mask", text(PING_OP) + frame(TEXT, PING_OP, masked=False), 1002
    for said, length_bytes in ((5, 2), (125, 2), (5, 8), (126, 8), (65535, 8)):
        wrong = frame(TEXT, b"x" * said, length_bytes=length_bytes)
        yield "5.2", f"the length {said} in {length_bytes} bytes", wrong, 1002
    for said in (2**63, 2**64 - 1):
        yield "5.2", f"the length {said}, which has the highest bit", frame(TEXT, length=said, length_bytes=8), 1002
    for said in (LIMIT + 1, 2**31, 2**32, 2**32 + 1, 2**48, 2**63 - 1):
        yield "10.4", f"the length {said}, refused before any of it came", frame(TEXT, length=said), 1009
    yield "10.4", "a whole frame over the limit", padded(LIMIT + 1), 1009
    yield "10.4", "a binary frame over the limit", frame(BINARY, length=LIMIT + 1), 1009
    yield "10.4", "parts that are together over the limit", part(TEXT, b" " * LIMIT) + frame(CONTINUATION, length=1), 1009
    yield "10.4", "parts of which the second is far over", part(TEXT, b" ") + part(CONTINUATION, length=2**62), 1009
    yield "5.5", "a ping of 126 bytes", frame(PING, b"x" * 126), 1002
    yield "5.5", "a pong of 126 bytes", frame(PONG, b"x" * 126), 1002
    yield "5.5", "a close of 126 bytes", frame(CLOSE, b"\x03\xe8" + b"x" * 124), 1002
    yield "5.5", "a ping whose length takes 8 bytes", frame(PING, length=2**40), 1002
    yield "5.5", "a short ping whose length takes 2 bytes", frame(PING, b"x", length_bytes=2), 1002
    for opcode, kind in ((PING, "ping"), (PONG, "pong"), (CLOSE, "close")):
        yield "5.5", f"a {kind} in parts", part(opcode) + frame(CONTINUATION), 1002
    yield "5.4", "a continuation of nothing", frame(CONTINUATION, PING_OP), 1002
    yield "5.4", "a part that continues nothing", part(CONTINUATION, b"x"), 1002
    yield "5.4", "a continuation after the last part", in_parts(PING_OP, 5) + frame(CONTINUATION, b"x"), 1002
    yield "5.4", "a text between parts", part(TEXT, b"{") + text(PING_OP), 1002
    yield "5.4", "a binary between parts", part(TEXT, b"{") + frame(BINARY), 1002
    yield "5.4", "a second beginning between parts", part(TEXT, b"{") + part(TEXT, b"}"), 1002
    yield "5.4", "a text between parts of a binary", part(BINARY, b"x") + text(PING_OP), 1002
    for name, wrong in NO_UTF8.items():
        yield "8.1", f"a text of {name}", frame(TEXT, b'{"op":"' + wrong + b'"}'), 1007
    yield "8.1", "a text that ends inside of a letter", frame(TEXT, "ग".encode()[:2]), 1007
    yield "8.1", "parts whose last ends inside of a letter", part(TEXT, b"x") + frame(CONTINUATION, b"\xf0\x9f"), 1007
    yield "8.1", "parts of which one is no UTF-8", part(TEXT, b"\xff") + frame(CONTINUATION), 1007
    yield "8.1", "a letter that is broken where two parts meet", part(TEXT, b"\xe0\xa4") + frame(CONTINUATION, b"x"), 1007
    yield "8.1", "a reason to close that is no UTF-8", close(1000, b"\xff\xfe"), 1007
    for code in (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535):
        yield "7.4", f"the code {code} in a close", close(code), 1002
    yield "5.5.1", "a close of one byte", frame(CLOSE, b"\x03"), 1002
    yield "5.5.1", "a close between parts", part(TEXT, b"{") + close(1000), 1000
    yield "5.5.1", "a close without a code", frame(CLOSE), 0
    yield "5.5.1", "a close with the longest reason", close(1000, b"x" * 123), 1000
    yield "5.5.1", "a close, and frames after it", close(1001) + text(PING_OP) * 3 + frame(PING) + frame(3), 1001
    yield "5.5.1", "two closes", close(1000) + close(1001), 1000
    yield "5.5.1", "a close after an unfinished head", frame(PONG) + close(1000), 1000
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999):
        yield "7.4", f"the code {code} comes back", close(code, "गया".encode()), code


NO_UTF8 = {
    "a lone continuation byte": b"\x80",
    "an overlong slash": b"\xc0\xaf",
    "an overlong slash of three bytes": b"\xe0\x80\xaf",
    "an overlong NUL of four bytes": b"\xf0\x80\x80\x80",
    "a surrogate": b"\xed\xa0\x80",
    "a pair of surrogates": b"\xed\xa0\xbd\xed\xb8\x80",
    "a letter beyond the last": b"\xf4\x90\x80\x80",
    "a first byte of five": b"\xf8\x88\x80\x80\x80",
    "a byte of all ones": b"\xff",
    "a first byte twice": b"\xe0\xe0\xa4\x97",
}


def ends(person, data, code):
    with person.socket() as raw:
        sending = raw.send_beside(data)
        came = raw.close_code()
        sending.join(PATIENCE_S)
        assert came == code, f"closed with {came}"


# What is taken: the section, the case and the bytes, each of them as often a ping op as is said, and pings of the protocol.
def takings():
    yield "5.3", "a mask of zeros", b"\x81\x8d\0\0\0\0" + PING_OP, 1
    for length in (13, 125, 126, 127, 128, 65535, LIMIT):
        yield "5.2", f"a text of {length} bytes", padded(length), 1
    yield "5.4", "two parts", in_parts(PING_OP, 7), 1
    yield "5.4", "a byte in each part", in_parts(PING_OP), 1
    yield "5.4", "an empty first part", part(TEXT) + frame(CONTINUATION, PING_OP), 1
    yield "5.4", "an empty last part", part(TEXT, PING_OP) + frame(CONTINUATION), 1
    empty = part(TEXT) + part(CONTINUATION) * 200 + part(CONTINUATION, PING_OP) + part(CONTINUATION) * 200
    yield "5.4", "four hundred empty parts", empty + frame(CONTINUATION), 1
    yield "5.4", "parts that reach the limit", part(TEXT, PING_OP) + frame(CONTINUATION, b" " * (LIMIT - len(PING_OP))), 1
    yield "5.5.3", "a pong that nobody asked for", frame(PONG, b"here I am"), 0
    yield "5.5.3", "a pong between parts", part(TEXT, PING_OP) + frame(PONG) + frame(CONTINUATION), 1
    yield "5.2", "a hundred messages in one piece", text(PING_OP) * 100, 100
    yield "5.1", "the bytes of a message one by one", list(map(bytes, zip(text(PING_OP)))), 1
    longest = padded(LIMIT)
    yield "5.1", "the bytes of a long message in pieces of 1000", [longest[at : at + 1000] for at in range(0, len(longest), 1000)], 1


def is_taken(person, data, pongs):
    with person.socket() as raw:
        raw.send_beside(*(data if isinstance(data, list) else [data]))
        for _ in range(pongs):
            raw.hear(op="pong")
        goes_on(raw)


# Pings of the protocol, and the payloads that come back.
def pings():
    yield "an empty ping", frame(PING), [b""]
    yield "a ping of 125 bytes", frame(PING, bytes(range(125))), [bytes(range(125))]
    yield "a ping of bytes that are no text", frame(PING, b"\xff\x00\xfe"), [b"\xff\x00\xfe"]
    yield "a ping in bytes that come one by one", list(map(bytes, zip(frame(PING, b"slow")))), [b"slow"]
    yield "a ping between parts", part(TEXT, b'{"op":') + frame(PING, b"in between") + frame(CONTINUATION, b'"ping"}'), [b"in between"]
    apart = b"".join(part(CONTINUATION, b" ") + frame(PING, b"%d" % number) for number in range(100))
    yield "a ping after each of a hundred parts", part(TEXT, PING_OP) + apart + frame(CONTINUATION), [b"%d" % n for n in range(100)]
    yield "five hundred pings at once", b"".join(frame(PING, b"%d" % number) for number in range(500)), [b"%d" % n for n in range(500)]


def is_ponged(person, data, payloads):
    with person.socket() as raw:
        raw.send_beside(*(data if isinstance(data, list) else [data]))
        for payload in payloads:
            came = raw.frame()
            while came.opcode != PONG:
                came = raw.frame()
            assert bytes(came.data) == payload
        goes_on(raw)


def a_letter_split_anywhere_arrives_whole(person, at):
    words = "é ग 🦊 \U0010ffff \uffff"
    sent = {"op": "send", "cid": f"split-{at}", "conversation": 1, "body": words}
    bytes_ = json.dumps(sent, ensure_ascii=False).encode()
    cut = bytes_.index("é".encode()) + at
    with person.socket() as raw:
        raw.send(part(TEXT, bytes_[:cut]), frame(CONTINUATION, bytes_[cut:]))
        told = raw.hear(op="event")
        while told["message"]["cid"] != f"split-{at}":
            told = raw.hear(op="event")
        assert told["message"]["body"] == words


def empty_parts_without_end_are_over_the_rate(person):
    with person.socket() as raw:
        raw.send_beside(part(TEXT), part(CONTINUATION) * 100_000, frame(CONTINUATION, PING_OP))
        assert raw.close_code() == 4029


def pings_without_end_are_over_the_rate(person):
    with person.socket() as raw:
        raw.send_beside(frame(PING, b"x" * 125) * 50_000)
        assert raw.close_code() == 4029


def a_hundred_thousand_empty_parts_are_a_message_where_the_rate_allows_them(_):
    with Server(frames_per_connection="1000000/s+1000000") as server, Person(server).socket() as raw:
        raw.send_beside(part(TEXT), part(CONTINUATION) * 100_000, frame(CONTINUATION, PING_OP))
        raw.hear(op="pong")
        goes_on(raw)


def who_closes_one_direction_only_is_gone(person):
    with person.socket() as raw:
        raw.tcp.shutdown(socket.SHUT_WR)
        assert all(came.opcode in (TEXT, PING) for came in raw.frames_to_the_end())


def who_closes_one_direction_inside_of_a_frame_is_gone(person):
    with person.socket() as raw:
        raw.send(text(PING_OP)[:-1])
        raw.tcp.shutdown(socket.SHUT_WR)
        assert all(came.opcode in (TEXT, PING) for came in raw.frames_to_the_end())


def a_close_is_answered_to_who_closes_the_direction_right_after(person):
    with person.socket() as raw:
        raw.send(close(1000))
        raw.tcp.shutdown(socket.SHUT_WR)
        codes = [bytes(came.data) for came in raw.frames_to_the_end() if came.opcode == CLOSE]
        assert codes == [b"\x03\xe8"], codes


def a_reset_inside_of_a_frame_harms_nobody(person):
    with person.socket() as other:
        with person.socket() as raw:
            raw.send(text(PING_OP)[:-1])
            raw.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        goes_on(other)


def when_both_say_goodbye_at_once_each_says_it_once(person):
    signed_in = person.sign_in()
    header = {"Authorization": f"Bearer {signed_in['token']}"}
    with Raw(person.server) as raw:
        raw.upgrade("/api/v1/socket", f"Authorization: Bearer {signed_in['token']}")
        raw.send(text({"op": "hello"}))
        raw.hear(op="welcome")
        gone = requests.delete(f"{person.server.url}/api/v1/sessions/current", headers=header, timeout=PATIENCE_S)
        assert gone.status_code == 204, gone.text
        raw.send(close(1000), text(PING_OP), frame(PING))
        closes = [struct.unpack("!H", bytes(came.data[:2]))[0] for came in raw.frames_to_the_end() if came.opcode == CLOSE]
        assert closes in ([4001], [1000]), closes


def whoever_does_not_answer_a_goodbye_is_hung_up_on(person):
    with person.socket() as raw:
        raw.send(frame(3))
        frames = raw.frames_to_the_end()
        assert [came.opcode for came in frames].count(CLOSE) == 1, frames


ALONE = [
    ("5.4", empty_parts_without_end_are_over_the_rate),
    ("5.5.2", pings_without_end_are_over_the_rate),
    ("5.4", a_hundred_thousand_empty_parts_are_a_message_where_the_rate_allows_them),
    ("7.2.1", who_closes_one_direction_only_is_gone),
    ("7.2.1", who_closes_one_direction_inside_of_a_frame_is_gone),
    ("7.1.1", a_close_is_answered_to_who_closes_the_direction_right_after),
    ("7.2.1", a_reset_inside_of_a_frame_harms_nobody),
    ("7.1.4", when_both_say_goodbye_at_once_each_says_it_once),
    ("7.1.1", whoever_does_not_answer_a_goodbye_is_hung_up_on),
]


def main():
    cases = Cases()
    with Server() as server:
        person, neighbour = Person(server), Person(server)
        with neighbour.socket() as beside:
            run = functools.partial
            cases.run("frames that end it", [(f"{at} {name}", run(ends, person, data, code)) for at, name, data, code in endings()])
            cases.run("frames that are taken", [(f"{at} {name}", run(is_taken, person, data, n)) for at, name, data, n in takings()])
            cases.run("pings", [(f"5.5.2 {name}", run(is_ponged, person, data, payloads)) for name, data, payloads in pings()])
            splits = [(f"5.6 split at byte {at}", run(a_letter_split_anywhere_arrives_whole, person, at)) for at in range(1, 20)]
            cases.run("letters across parts", splits)
            alone = [(f"{at} {case.__name__.replace('_', ' ')}", run(case, person)) for at, case in ALONE]
            cases.run("ends and floods", alone)
            cases.run("neighbours", [("whoever was connected all the while noticed nothing", run(goes_on, beside))])
    cases.end()


if __name__ == "__main__":
    main()
