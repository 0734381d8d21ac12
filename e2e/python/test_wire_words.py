"""How a WebSocket begins on Parlor's own socket (RFC 6455, 4), and what is answered to texts that are no frames of its protocol."""

import functools
import json

from attack import (
    BINARY, KEY, PING, PONG, TEXT, Cases, Person, Raw, close, frame, goes_on, handshake, request, text,
)
from parlor import Server

SOCKET = "/api/v1/socket"


def head(*lines, without=(), method="GET", target=SOCKET, version="HTTP/1.1"):
    """The usual request, without some of its headers and with others."""
    usual = {
        "Host": "localhost",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": KEY,
    }
    kept = [f"{name}: {value}" for name, value in usual.items() if name not in without]
    return request([f"{method} {target} {version}", *kept, *lines])


# Requests that are no handshake, and the status of the answer.
def refusals():
    without = lambda name, *lines, **more: head(*lines, without=(name,), **more)
    yield "no Upgrade", without("Upgrade"), 400
    yield "another Upgrade", without("Upgrade", "Upgrade: h2c"), 400
    yield "an Upgrade that only begins so", without("Upgrade", "Upgrade: websocket2"), 400
    yield "no Connection", without("Connection"), 400
    yield "a Connection that closes", without("Connection", "Connection: close"), 400
    yield "a Connection that only keeps alive", without("Connection", "Connection: keep-alive"), 400
    yield "no version", without("Sec-WebSocket-Version"), 426
    for version in ("8", "7", "0", "14", "013", "13.0", "13, 8", "thirteen", ""):
        yield f"the version {version!r}", without("Sec-WebSocket-Version", f"Sec-WebSocket-Version: {version}"), 426
    yield "two versions in two lines", head("Sec-WebSocket-Version: 8"), 426
    yield "the same version twice", head("Sec-WebSocket-Version: 13"), 426
    yield "no key", without("Sec-WebSocket-Key"), 400
    for name, key in {
        "an empty key": "",
        "a key that is too short": "dGhlIHNhbXBsZSBub25jZQ=",
        "a key of 15 bytes": "dGhlIHNhbXBsZSBub25j",
        "a key of 17 bytes": "dGhlIHNhbXBsZSBub25jZTE=",
        "a key of 18 bytes in as many letters": "dGhlIHNhbXBsZSBub25jZTE2",
        "a key that is no Base64": "dGhlIHNhbXBsZSBub25j!Q==",
        "a key in the letters of addresses": "____________________-w==",
        "two keys in one line": f"{KEY}, {KEY}",
    }.items():
        yield name, without("Sec-WebSocket-Key", f"Sec-WebSocket-Key: {key}"), 400
    yield "the same key twice", head(f"Sec-WebSocket-Key: {KEY}"), 400
    yield "two keys", head("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="), 400
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"):
        yield f"the method {method}", head(method=method), 405
    yield "a body", head("Content-Length: 5") + b"12345", 400
    yield "a body that does not come", head("Content-Length: 5"), 400
    yield "a body in chunks", head("Transfer-Encoding: chunked") + b"0\r\n\r\n", 400
    yield "HTTP/1.0", head(version="HTTP/1.0"), 426
    yield "HTTP/3.7", head(version="HTTP/3.7"), 400
    yield "no version of HTTP", request([f"GET {SOCKET}", "Host: localhost"]), 400
    yield "a path below", head(target=f"{SOCKET}/x"), 404
    yield "another path of the API", head(target="/api/v1/sockets"), 404
    yield "no WebSocket at all", request([f"GET {SOCKET} HTTP/1.1", "Host: localhost"]), 400


def is_refused(server, data, status):
    with Raw(server) as raw:
        raw.send(data)
        if data.startswith(b"HEAD"):
            # Its answer has the length of a body that does not come.
            assert raw.tcp.recv(12) == b"HTTP/1.1 405"
            return
        answer = raw.answer()
        assert answer.status == status, answer
        assert "sec-websocket-accept" not in answer.headers
        if status == 426:
            assert answer.header("sec-websocket-version") == "13", answer.headers
            assert answer.header("upgrade") == "websocket", answer.headers


# Requests that are one all the same.
def handshakes():
    without = lambda name, *lines, **more: head(*lines, without=(name,), **more)
    yield "names of headers in small letters", head().replace(b"Sec-WebSocket", b"sec-websocket").replace(b"Upgrade:", b"upgrade:")
    yield "names of headers in capitals", head().replace(b"Sec-WebSocket-Key", b"SEC-WEBSOCKET-KEY")
    yield "an Upgrade in mixed letters", without("Upgrade", "Upgrade: WebSocket")
    yield "a Connection of two words", without("Connection", "Connection: keep-alive, Upgrade")
    yield "a Connection in two lines", without("Connection", "Connection: keep-alive", "Connection: upgrade")
    yield "an Upgrade that offers two", without("Upgrade", "Upgrade: h2c, websocket")
    yield "spaces around a value", without("Sec-WebSocket-Version", "Sec-WebSocket-Version:   13  ")
    yield "a whole address as the target", head(target=f"http://localhost{SOCKET}")
    yield "parameters that mean nothing", head(target=f"{SOCKET}?token=x&EIO=4")
    yield "extensions that are offered", head("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")
    yield "an extension that nobody knows", head("Sec-WebSocket-Extensions: x-none; a=1, permessage-bzip2")
    yield "subprotocols, which this socket has none of", head("Sec-WebSocket-Protocol: chat, chat_app, chatter_box")


def is_opened(person, data):
    with Raw(person.server) as raw:
        raw.send(data)
        answer = raw.answer()
        assert answer.status == 101, answer
        assert "sec-websocket-extensions" not in answer.headers and "sec-websocket-protocol" not in answer.headers
        raw.send(text({"op": "hello", "token": person.token}))
        raw.hear(op="welcome")
        # Nothing was agreed on, so a compressed frame is a broken one.
        raw.send(frame(TEXT, b"\xcaH-\xc8I\x05\x00", reserved=4))
        assert raw.close_code() == 1002


def hello(person):
    return text({"op": "hello", "token": person.token})


def frames_that_come_with_the_handshake_are_heard(person):
    with Raw(person.server) as raw:
        raw.send(head() + hello(person) + text({"op": "ping"}) + frame(PING, b"early"))
        assert raw.answer().status == 101
        raw.hear(op="welcome")
        goes_on(raw)


def half_a_frame_that_comes_with_the_handshake_is_not_lost(person):
    said = hello(person)
    with Raw(person.server) as raw:
        raw.send(head() + said[:9])
        assert raw.answer().status == 101
        raw.send(said[9:])
        raw.hear(op="welcome")
        goes_on(raw)


def a_handshake_may_come_byte_by_byte(person):
    with Raw(person.server) as raw:
        raw.send(*(bytes([byte]) for byte in head() + hello(person)))
        assert raw.answer().status == 101
        raw.hear(op="welcome")
        goes_on(raw)


def a_handshake_may_follow_another_request(person):
    with Raw(person.server) as raw:
        raw.send(request(["GET /healthz HTTP/1.1", "Host: localhost"]) + head() + hello(person))
        assert [raw.answer().status, raw.answer().status] == [200, 101]
        raw.hear(op="welcome")


def a_request_after_the_handshake_is_a_broken_frame(person):
    with Raw(person.server) as raw:
        raw.send(head() + request(["GET /healthz HTTP/1.1", "Host: localhost"]))
        assert raw.answer().status == 101
        assert raw.close_code() == 1002


def who_is_nobody_is_told_so_and_sent_away(server):
    for token in ({}, {"token": ""}, {"token": "parlor_" + "0" * 64}):
        with Raw(server) as raw:
            raw.upgrade(SOCKET)
            raw.send(text({"op": "hello"} | token))
            assert raw.hear(op="nack")["code"] == "unauthenticated"
            assert raw.close_code() == 1008


def a_token_in_the_address_counts_for_nothing(person):
    with Raw(person.server) as raw:
        raw.upgrade(f"{SOCKET}?token={person.token}")
        raw.send(text({"op": "hello"}))
        assert raw.hear(op="nack")["code"] == "unauthenticated"


def before_the_hello_nothing_else_is_done(person):
    with Raw(person.server) as raw:
        raw.upgrade(SOCKET, person.bearer)
        raw.send(text({"op": "send", "cid": "early", "conversation": 1, "body": "early"}))
        assert raw.hear(op="nack")["code"] == "unauthenticated"
        raw.send(frame(PING, b"?"), text({"op": "hello"}))
        assert raw.frame().opcode == PONG
        raw.hear(op="welcome")


def who_goes_before_the_hello_is_answered(person):
    with Raw(person.server) as raw:
        raw.upgrade(SOCKET)
        raw.send(close(1001))
        assert raw.close_code() == 1001


BEGINNINGS = [
    frames_that_come_with_the_handshake_are_heard,
    half_a_frame_that_comes_with_the_handshake_is_not_lost,
    a_handshake_may_come_byte_by_byte,
    a_handshake_may_follow_another_request,
    a_request_after_the_handshake_is_a_broken_frame,
    a_token_in_the_address_counts_for_nothing,
    before_the_hello_nothing_else_is_done,
    who_goes_before_the_hello_is_answered,
]


# Texts that are no command, and the code of the nack.
def nonsense():
    malformed = {
        "an empty text": "",
        "a word": "hello",
        "half an object": '{"op":"ping"',
        "two objects": '{"op":"ping"}{"op":"ping"}',
        "something after the object": '{"op":"ping"} x',
        "a comment": '{"op":"ping"/* */}',
        "single quotes": "{'op':'ping'}",
        "a comma too many": '{"op":"ping",}',
        "NaN": '{"op":"ping","x":NaN}',
        "a number beyond all": '{"op":"read","conversation":1,"seq":1e400}',
        "half a surrogate": '{"op":"send","cid":"half","conversation":1,"body":"\\ud83e"}',
        "an unknown escape": '{"op":"ping","x":"\\x41"}',
        "a bare NUL": '{"op":"ping","x":"\0"}',
        "a bare line break in a text": '{"op":"ping","x":"\n"}',
        "a mark of the order of bytes": '\ufeff{"op":"ping"}',
        "brackets without end in a field": '{"op":"ping","x":' + "[" * 60_000,
        "deep objects": '{"x":' * 10_000,
    }
    for name, words in malformed.items():
        yield name, words, "malformed_json"
    invalid = {
        "null": "null",
        "a list": '["ping"]',
        "a text of JSON": '"ping"',
        "a number": "1",
        "an object without op": "{}",
        "an op that is a number": '{"op":1}',
        "an op that is nothing": '{"op":null}',
        "an op that is a list": '{"op":["ping"]}',
        "an op that is an object": '{"op":{"ping":1}}',
        "two ops": '{"op":"ping","op":"ping"}',
        "a send without fields": '{"op":"send"}',
    }
    fields = {"op": "send", "cid": "c", "conversation": 1, "body": "x"}
    for conversation in ("1", None, 1.5, -1.5, True, [1], {}, 2**63, -(2**63) - 1, 1e300):
        name = f"the conversation {json.dumps(conversation)[:24]}"
        invalid[name] = json.dumps(fields | {"conversation": conversation})
    for cid in (None, 1, "", "x" * 65, "a\nb", [], "\u202e"):
        invalid[f"the cid {json.dumps(cid)[:16]}"] = json.dumps(fields | {"cid": cid})
    for body in (None, 1, "", " ", "\0", [], {}, "x" * 10_001):
        invalid[f"the body {json.dumps(body)[:16]}"] = json.dumps(fields | {"body": body})
    invalid["two bodies"] = '{"op":"send","cid":"twice","conversation":1,"body":"a","body":"b"}'
    invalid["an answer to a text"] = json.dumps(fields | {"reply_to": "1"})
    invalid["an edit without a message"] = '{"op":"edit","ref":"r","body":"x"}'
    invalid["a reaction that is neither on nor off"] = '{"op":"react","message":1,"emoji":"👍","on":"yes"}'
    invalid["a receipt for a text"] = '{"op":"read","conversation":1,"seq":"1"}'
    for name, words in invalid.items():
        yield name, words, "invalid_request"
    for op in ("", "PING", "ping ", "welcome", "x" * 60_000, "__proto__", "constructor"):
        yield f"the op {op[:12]!r}", json.dumps({"op": op}), "unknown_op"
    yield "a second hello", '{"op":"hello"}', "invalid_request"
    # Which of the two it is depends on how far they are read.
    yield "a list of the fields", '["send","c",1,"x"]', "invalid_request malformed_json"
    yield "sixty thousand open brackets", "[" * 60_000, "invalid_request malformed_json"
    yield "a number of four hundred digits", json.dumps(fields | {"conversation": 10**400}), "invalid_request malformed_json"
    for conversation in (0, -1, 2, 2**63 - 1, -(2**63)):
        yield f"the unknown conversation {conversation}", json.dumps(fields | {"conversation": conversation}), "not_a_member"
    for message in (0, -1, 2**63 - 1):
        yield f"the unknown message {message}", json.dumps({"op": "delete", "message": message}), "unknown_message"


def is_nacked(person, words, code):
    with person.socket() as raw:
        raw.send(text(words))
        nack = raw.hear(op="nack")
        assert nack["code"] in code.split(), nack
        goes_on(raw)


def bytes_are_refused(person):
    with person.socket() as raw:
        raw.send(frame(BINARY, b'{"op":"ping"}'))
        assert raw.hear(op="nack")["code"] == "invalid_request"
        goes_on(raw)


def fields_that_nobody_knows_are_passed_over(person):
    with person.socket() as raw:
        raw.send(text('{"op":"ping","x":{"y":[1,2,{"z":null}]},"n":1e308,"big":' + "9" * 400 + ',"half":"\\ud83e","huge":1e400}'))
        raw.hear(op="pong")
        goes_on(raw)


def main():
    cases = Cases()
    run = functools.partial
    with Server() as server:
        person = Person(server)
        cases.run("no handshake", [(f"4.2.1 {name}", run(is_refused, server, data, status)) for name, data, status in refusals()])
        cases.run("handshakes", [(f"4.2.2 {name}", run(is_opened, person, data)) for name, data in handshakes()])
        beginnings = [(case.__name__.replace("_", " "), run(case, person)) for case in BEGINNINGS]
        beginnings.append(("who is nobody is told so and sent away", run(who_is_nobody_is_told_so_and_sent_away, server)))
        cases.run("beginnings", beginnings)
        cases.run("nonsense", [(name, run(is_nacked, person, words, code)) for name, words, code in nonsense()])
        more = [bytes_are_refused, fields_that_nobody_knows_are_passed_over]
        cases.run("nonsense", [(case.__name__.replace("_", " "), run(case, person)) for case in more])
    cases.end()


if __name__ == "__main__":
    main()
