"""What one address, one account and one connection may do: the limits hold whatever is said about where it comes from, a flood of
sign-ins costs no more memory than two of them, and Parlor stops at once though half the world keeps a connection open.

`PARLOR_FLOOD_FACTOR` lengthens the flood of sign-ins: 1 unless set."""

import asyncio
import collections
import functools
import itertools
import json
import os
import time

import requests

from attack import (
    CLOSE, PASSWORD, PATIENCE_S, PING, Cases, Person, Raw, allow_many_files, frame, memory_kib, request, text,
)
from parlor import Server

FACTOR = int(os.environ.get("PARLOR_FLOOD_FACTOR", "1"))
SIGN_INS_PER_S = 200
FLOOD_S = 3 * FACTOR
# Two hashes of 19 MiB at the same time, and what hundreds of waiting requests hold.
FLOOD_BOUND_KIB = 128 * 1024
# A message while the processor is wanted for hashing too.
UNHARMED_S = 4.0
# Stopping takes a second for what is half there, and what the machine makes of it.
STOP_S = 4.0
EACH = 20
figures = []


def statuses(server, number, lines_of, path="/api/v1/server"):
    """So many requests, each with header lines of its own, and how often each status was the answer."""
    counted = collections.Counter()
    with Raw(server) as raw:
        for at in range(number):
            raw.send(request([f"GET {path} HTTP/1.1", "Host: localhost", *lines_of(at)]))
            counted[raw.answer().status] += 1
    return counted


SPOOFS = [
    "X-Forwarded-For: 198.51.100.{}",
    "X-Forwarded-For: 198.51.100.{}, 203.0.113.7",
    "X-Forwarded-For: 127.0.0.1, 198.51.100.{}",
    "x-forwarded-for: [2001:db8::{}]",
    "Forwarded: for=198.51.100.{}",
    "X-Real-IP: 198.51.100.{}",
    "X-Client-IP: 198.51.100.{}",
    "True-Client-IP: 198.51.100.{}",
    "CF-Connecting-IP: 198.51.100.{}",
    "Via: 1.1 198.51.100.{}",
]


def nobody_escapes_by_saying_to_be_another(spoof):
    with Server(requests_per_address="1/s+10") as server:
        counted = statuses(server, 40, lambda at: [spoof.format(at)])
        assert counted[429] >= 20 and set(counted) == {200, 429}, counted


def behind_a_proxy_only_what_it_adds_counts(_):
    """It adds the last address; what stands before was sent by the visitor."""
    with Server(requests_per_address="1/s+10", trusted_proxies="127.0.0.1") as server:
        counted = statuses(server, 40, lambda at: [f"X-Forwarded-For: 198.51.100.{at}, 203.0.113.7"])
        assert counted[429] >= 20, counted
        others = statuses(server, 40, lambda at: [f"X-Forwarded-For: 203.0.113.{at + 10}"])
        assert others[200] == 40, others


def an_address_has_so_many_connections_and_keeps_those_it_has(_):
    with Server(connections_per_address_max="20") as server, Person(server).socket() as kept:
        held = [Raw(server) for _ in range(60)]
        answered = 0
        for raw in held:
            raw.send(request(["GET /healthz HTTP/1.1", "Host: localhost"]))
            try:
                answered += raw.answer().status == 200
            except EOFError:
                pass
        assert 15 <= answered <= 20, answered
        kept.send(text({"op": "ping"}))
        kept.hear(op="pong")
        for raw in held:
            raw.tcp.close()
        # Places are free again as soon as the server has seen it.
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            with Raw(server) as raw:
                raw.send(request(["GET /healthz HTTP/1.1", "Host: localhost"]))
                try:
                    return raw.answer()
                except EOFError:
                    pass
        raise AssertionError("no place came free")


def an_account_has_so_many_sockets(_):
    with Server(connections_per_account_max="3") as server:
        person = Person(server)
        with person.socket(), person.socket(), person.socket() as third:
            with Raw(server) as fourth:
                fourth.upgrade("/api/v1/socket", person.bearer)
                fourth.send(text({"op": "hello"}))
                assert fourth.hear(op="nack")["code"] == "limit_reached"
                assert fourth.close_code() == 4029
            third.send(text({"op": "ping"}))
            third.hear(op="pong")


def frames_over_the_rate_are_refused_with_a_time_and_then_end_it(_):
    with Server(frames_per_connection="5/s+10") as server, Person(server).socket() as raw:
        raw.send(text({"op": "ping"}) * 11)
        nack = raw.hear(op="nack")
        assert nack["code"] == "rate_limited" and 0 < nack["retry_after_ms"] <= 1000, nack
        raw.send_beside(frame(PING) * 3000)
        assert raw.close_code() == 4029


def guesses_at_one_account_are_slowed_down_and_its_owner_is_not_shut_out_elsewhere(_):
    with Server(sign_ins_per_account="5/min+10", trusted_proxies="127.0.0.1") as server:
        person = Person(server)
        body = {"login": person.name, "password": "not the one"}

        def guess(address):
            headers = {"X-Forwarded-For": address}
            return requests.post(f"{server.url}/api/v1/sessions", json=body, headers=headers, timeout=PATIENCE_S)

        answers = [guess("198.51.100.1") for _ in range(20)]
        assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 10
        assert int(answers[-1].headers["Retry-After"]) > 0 and answers[-1].json()["code"] == "rate_limited"
        body["password"] = PASSWORD
        assert guess("198.51.100.1").status_code == 429 and guess("198.51.100.2").status_code == 201


async def sign_in_flood(server, done):
    """Attempts at a steady pace, whatever becomes of those before."""

    async def one(number):
        body = b'{"login":"nobody-%d","password":"correct horse battery"}' % number
        reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.split(":")[-1]))
        lines = ["POST /api/v1/sessions HTTP/1.1", "Host: localhost", "Connection: close", "Content-Type: application/json"]
        writer.write(request([*lines, f"Content-Length: {len(body)}"], body))
        done[(await reader.read(12)).decode()[9:]] += 1
        await reader.read()
        writer.close()

    begun = time.monotonic()
    tasks = []
    while time.monotonic() - begun < FLOOD_S:
        while len(tasks) < (time.monotonic() - begun) * SIGN_INS_PER_S:
            tasks.append(asyncio.create_task(one(len(tasks))))
        await asyncio.sleep(0.005)
    await asyncio.gather(*tasks)


def a_flood_of_sign_ins_takes_no_more_memory_than_two(_):
    """Hashing as it is by default, and no limit by address: what bounds it is the hashing's own queue."""
    with Server(password_memory_kib="19456", password_passes="2", connections_per_address_max="15000") as server:
        person = Person(server)
        before, peak, took_s, done = memory_kib(server), 0, [], collections.Counter()

        async def attack():
            nonlocal peak
            flood = asyncio.create_task(sign_in_flood(server, done))
            while not flood.done():
                begun = time.monotonic()
                status = await asyncio.to_thread(person.say)
                assert status == 201, status
                took_s.append(time.monotonic() - begun)
                peak = max(peak, memory_kib(server))
                await asyncio.sleep(0.05)
            await flood

        asyncio.run(attack())
        cost = peak - before
        counted = ", ".join(f"{number} × {status}" for status, number in sorted(done.items()))
        longest_ms = max(took_s) * 1000
        figures.append(f"{SIGN_INS_PER_S} sign-ins a second: +{cost // 1024} MiB ({counted}), a message at most {longest_ms:.0f} ms")
        assert set(done) <= {"401", "429", "503"} and done["401"] > 0, done
        assert cost < FLOOD_BOUND_KIB, f"{cost} KiB"
        assert max(took_s) < UNHARMED_S, f"a message took {max(took_s):.1f} s"
        assert person.sign_in()["token"], "signing in works again"


def stopping_waits_for_nobody_who_sends_nothing(_):
    with Server() as server:
        person = Person(server)
        held = [Raw(server) for _ in range(9 * EACH)]
        heads, bodies, chunked, silent, kept, polling, anonymous, signed_in, dialects = (held[at::9] for at in range(9))
        post = ["POST /api/v1/sessions HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
        for raw in heads:
            raw.send(b"GET /healthz HTTP/1.1\r\nHost: loc")
        for raw in bodies:
            raw.send(request([*post, "Content-Length: 100"], b'{"login"'))
        for raw in chunked:
            raw.send(request([*post, "Transfer-Encoding: chunked"], b"1\r\n{\r\n"))
        for raw in kept:
            raw.send(request(["GET /healthz HTTP/1.1", "Host: localhost"]))
            assert raw.answer().status == 200
        for raw in polling:
            raw.send(request(["GET /socket.io/?EIO=4&transport=polling HTTP/1.1", "Host: localhost", person.bearer]))
            sid = json.loads(raw.answer().body[1:])["sid"]
            raw.send(request([f"GET /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1", "Host: localhost"]))
        for raw, path in zip(dialects, itertools.cycle(["/message", "/ws/general", "/ws/3fa9", "/socket.io/?EIO=3&transport=websocket"])):
            raw.upgrade(path, person.bearer)
        for raw in anonymous:
            raw.upgrade("/api/v1/socket")
        for raw in signed_in:
            raw.upgrade("/api/v1/socket", person.bearer)
            raw.send(text({"op": "hello"}))
            raw.hear(op="welcome")
        begun = time.monotonic()
        server.process.terminate()
        assert {close_code(raw) for raw in anonymous + signed_in + dialects} == {1012}
        server.process.wait(PATIENCE_S)
        took_s = time.monotonic() - begun
        figures.append(f"stopping with {len(held)} connections of all kinds: {took_s:.1f} s")
        assert server.process.returncode == 0 and took_s < STOP_S, f"{took_s:.1f} s"
        assert len(silent) == EACH


def close_code(raw):
    """The code of the close; what comes before it and after is left out."""
    for came in raw.frames_to_the_end():
        if came.opcode == CLOSE:
            return int.from_bytes(bytes(came.data[:2]), "big")
    return None


LIMITS = [
    behind_a_proxy_only_what_it_adds_counts,
    an_address_has_so_many_connections_and_keeps_those_it_has,
    an_account_has_so_many_sockets,
    frames_over_the_rate_are_refused_with_a_time_and_then_end_it,
    guesses_at_one_account_are_slowed_down_and_its_owner_is_not_shut_out_elsewhere,
    a_flood_of_sign_ins_takes_no_more_memory_than_two,
    stopping_waits_for_nobody_who_sends_nothing,
]


def main():
    allow_many_files()
    cases = Cases()
    run = functools.partial
    spoofs = [(spoof, run(nobody_escapes_by_saying_to_be_another, spoof)) for spoof in SPOOFS]
    cases.run("pretended addresses", spoofs, at_once=2)
    cases.run("limits", [(case.__name__.replace("_", " "), run(case, None)) for case in LIMITS], at_once=1)
    cases.end(". ".join(figures))


if __name__ == "__main__":
    main()
