"""Connections that send slowly, or nothing, or too much, or never read: each attack meets its bound, what it costs in memory is
bounded, and somebody who chats meanwhile is answered all the while.

`PARLOR_FLOOD_FACTOR` makes them so many times larger: 1 unless set."""

import asyncio
import collections
import contextlib
import functools
import os
import re
import statistics
import threading
import time

from attack import PATIENCE_S, PING, Cases, Person, Raw, allow_many_files, frame, handshake, memory_kib, request, text
from parlor import Server

FACTOR = int(os.environ.get("PARLOR_FLOOD_FACTOR", "1"))
MANY = 100 * FACTOR
# Short, so that they are met while one waits. Who talks at an ordinary pace is far inside of them.
HEADER_MS, REQUEST_MS, WRITE_MS = 1500, 2000, 1500
# What a deadline may be late by on a machine with other things to do.
LATE_S = 5
# An ordinary message, on a machine that is attacked and tested on at the same time.
UNHARMED_S = 3.0
MEBIBYTE_KIB = 1024
HEAD = ["POST /api/v1/sessions HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
CONNECTING_AT_ONCE = 20
figures = []


class Bystander:
    """Chats while the block runs, a message each 50 ms, and remembers how long each took to be acknowledged."""

    def __init__(self, server):
        self.person = Person(server)
        self.took_s = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._chat)

    def _chat(self):
        with self.person.socket() as raw:
            number = 0
            while not self.stop.wait(0.05):
                number += 1
                begun = time.monotonic()
                raw.send(text({"op": "send", "cid": f"{self.person.name}-{number}", "conversation": 1, "body": "hello"}))
                raw.hear(op="ack", cid=f"{self.person.name}-{number}")
                self.took_s.append(time.monotonic() - begun)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, kind, *_):
        # Some attacks are over before anything was said.
        deadline = time.monotonic() + PATIENCE_S
        while len(self.took_s) < 3 and self.thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        self.stop.set()
        self.thread.join(PATIENCE_S)
        if kind is None:
            longest_s = max(self.took_s, default=0)
            assert len(self.took_s) > 2 and longest_s < UNHARMED_S, f"{len(self.took_s)} messages, {longest_s:.1f} s"


def attacked(case, server):
    """Runs an attack beside somebody who chats, and notes what it cost. `case` gives what the server may take in memory, in KiB."""
    before = memory_kib(server)
    with Bystander(server) as bystander:
        bound_kib = asyncio.run(case(server))
        after = memory_kib(server)
    cost = max(0, after - before)
    median_ms = statistics.median(bystander.took_s) * 1000
    name = case.__name__.replace("_", " ")
    figures.append(f"{name}: +{cost / MEBIBYTE_KIB:.0f} MiB, a message {median_ms:.0f} ms, at most {max(bystander.took_s) * 1000:.0f}")
    assert cost < bound_kib, f"{cost} KiB, of {bound_kib}"


@functools.cache
def connecting(_loop):
    """A few at a time: what is sent first should not come late because of all those who connect."""
    return asyncio.Semaphore(CONNECTING_AT_ONCE)


async def connect(server, data=b""):
    """A connection that says this, and when it began."""
    host, port = server.url.removeprefix("http://").split(":")
    async with connecting(asyncio.get_running_loop()):
        begun = time.monotonic()
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(data)
        return reader, writer, begun


async def everything(reader, within_s):
    """What the server says until it hangs up, which it must do in time."""
    with contextlib.suppress(ConnectionError):
        return await asyncio.wait_for(reader.read(1 << 20), within_s)
    return b""


async def trickle(writer, data, pause_s=0.1):
    with contextlib.suppress(ConnectionError):
        for byte in data:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(pause_s)


async def each_is_ended(server, number, data, within_s, not_before_s=0.0, status=None, slowly=b""):
    """So many connections that send `data`, and then `slowly` a byte at a time: each is hung up on in time, after an answer with
    this status or after none."""

    async def one():
        reader, writer, begun = await connect(server, data)
        trickling = asyncio.create_task(trickle(writer, slowly))
        said = await everything(reader, within_s)
        took_s = time.monotonic() - begun
        trickling.cancel()
        writer.close()
        assert took_s >= not_before_s, f"hung up on after {took_s:.2f} s"
        assert said.startswith(f"HTTP/1.1 {status} ".encode()) if status else not said, said[:100]

    await asyncio.gather(*(one() for _ in range(number)))


HEADER_S, REQUEST_S = HEADER_MS / 1000, REQUEST_MS / 1000


async def connections_that_say_nothing(server):
    await each_is_ended(server, 3 * MANY, b"", HEADER_S + LATE_S, HEADER_S * 0.9)
    return 3 * MANY * 64


async def heads_that_stop_half_way(server):
    await each_is_ended(server, MANY, b"GET /healthz HTTP/1.1\r\nHost: loc", HEADER_S + LATE_S, HEADER_S * 0.9)
    return MANY * 64


async def heads_of_a_byte_at_a_time(server):
    slowly = b"Host: localhost\r\n" + b"X: y\r\n" * 50
    await each_is_ended(server, MANY, b"GET /healthz HTTP/1.1\r\n", HEADER_S + LATE_S, HEADER_S * 0.9, slowly=slowly)
    return MANY * 64


async def heads_that_stop_after_another_request(server):
    async def one():
        reader, writer, _ = await connect(server, request(["GET /healthz HTTP/1.1", "Host: localhost"]) + b"GET /healthz HT")
        said = await everything_to_the_end(reader, HEADER_S + LATE_S)
        writer.close()
        assert said.count(b"HTTP/1.1 200 OK") == 1 and said.endswith(b"ok"), said

    await asyncio.gather(*(one() for _ in range(MANY)))
    return MANY * 64


async def everything_to_the_end(reader, within_s):
    said = b""
    while came := await everything(reader, within_s):
        said += came
    return said


async def bodies_that_stop_half_way(server):
    data = request([*HEAD, "Content-Length: 1000"], b'{"login":')
    await each_is_ended(server, MANY, data, REQUEST_S + LATE_S, REQUEST_S * 0.9, status=503)
    return MANY * 128


async def bodies_of_a_byte_at_a_time(server):
    data = request([*HEAD, "Content-Length: 1000"])
    await each_is_ended(server, MANY, data, REQUEST_S + LATE_S, REQUEST_S * 0.9, status=503, slowly=b" " * 900)
    return MANY * 128


async def chunks_of_a_byte_at_a_time(server):
    data = request([*HEAD, "Transfer-Encoding: chunked"])
    await each_is_ended(server, MANY, data, REQUEST_S + LATE_S, REQUEST_S * 0.9, status=503, slowly=b"1\r\n \r\n" * 200)
    return MANY * 128


async def bodies_declared_over_the_limit(server):
    data = request([*HEAD, "Content-Length: 1048577"], b" " * 1000)
    await each_is_ended(server, MANY, data, LATE_S + HEADER_S, status=413)
    return MANY * 64


async def bodies_in_chunks_over_the_limit(server):
    async def one():
        reader, writer, _ = await connect(server)
        writer.write(request([*HEAD, "Transfer-Encoding: chunked"]))
        with contextlib.suppress(ConnectionError):
            for _ in range(64):
                writer.write(b"10000\r\n" + b" " * 65536 + b"\r\n")
                await writer.drain()
        said = await everything(reader, REQUEST_S + LATE_S)
        writer.close()
        assert said == b"" or said.startswith(b"HTTP/1.1 413 "), said[:100]
        return bool(said)

    heard = await asyncio.gather(*(one() for _ in range(10)))
    assert sum(heard) * 2 > len(heard), f"{sum(heard)} of {len(heard)} were told why"
    return 10 * 2 * MEBIBYTE_KIB + 20 * MEBIBYTE_KIB


async def heads_without_end(server):
    data = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 20_000
    await each_is_ended(server, MANY, data, LATE_S, status=431)
    return MANY * 64


async def a_thousand_requests_at_once_on_one_connection(server):
    reader, writer, _ = await connect(server)
    writer.write(request(["GET /healthz HTTP/1.1", "Host: localhost"]) * 1000)
    said = await everything_to_the_end(reader, PATIENCE_S)
    writer.close()
    # One answer begins where the body of the one before ends, on the same line.
    statuses = collections.Counter(re.findall(rb"HTTP/1\.1 (\d{3}) ", said))
    # The rate of the address holds for each of them.
    assert sum(statuses.values()) == 1000 and set(statuses) <= {b"200", b"429"}, statuses
    return 8 * MEBIBYTE_KIB


async def connections_that_are_reset(server):
    for _ in range(5 * MANY):
        _, writer, _ = await connect(server)
        writer.write(b"GET / HT")
        writer.transport.abort()
    return 8 * MEBIBYTE_KIB


async def sockets_that_do_not_say_who_they_are(server):
    """It is ten seconds until they are sent away. Half of them say other things all the while."""

    async def one(number):
        reader, writer, begun = await connect(server, handshake("/api/v1/socket"))
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
        talking = asyncio.create_task(trickle(writer, frame(PING) * 20 if number % 2 else b"", 0.08))
        said = await everything_to_the_end(reader, 10 + LATE_S)
        talking.cancel()
        writer.close()
        assert b"\x03\xf0not authenticated" in said, said
        assert 9 < time.monotonic() - begun < 10 + LATE_S

    await asyncio.gather(*(one(number) for number in range(MANY)))
    return MANY * 64


async def readers_that_never_read(server):
    """They are told a hundred times as much as may wait for them, and are hung up on."""
    account, author, readers = Person(server), Person(server), []
    for _ in range(40):
        raw = Raw(server, receive_buffer=4096)
        raw.upgrade("/api/v1/socket", account.bearer)
        raw.send(text({"op": "hello"}))
        raw.hear(op="welcome")
        readers.append(raw)
    before = memory_kib(server)
    with author.socket() as raw:
        for number in range(500):
            raw.send(text({"op": "send", "cid": f"wide-{number}", "conversation": 1, "body": "x" * 9000}))
            raw.hear(op="ack", cid=f"wide-{number}")
    told_kib = 500 * 9000 // 1024 * len(readers)
    cost = memory_kib(server) - before
    figures.append(f"{len(readers)} readers that never read were told {told_kib // 1024} MiB: +{cost // 1024} MiB")
    deadline = time.monotonic() + WRITE_MS / 1000 + LATE_S
    while server_connections(server) > 2 and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    assert server_connections(server) <= 2, f"{server_connections(server)} connections are there still"
    for raw in readers:
        raw.tcp.close()
    assert cost < len(readers) * 512, f"{cost} KiB"
    return len(readers) * 512


def server_connections(server):
    """Sockets that the process holds, but for the one it listens on and those of its own workings."""
    held = 0
    listening = f"{int(server.url.split(':')[-1]):04X}"
    with open(f"/proc/{server.process.pid}/net/tcp") as table:
        for line in table.readlines()[1:]:
            _, local, _, state, *_, = line.split()
            held += local.endswith(f":{listening}") and state == "01" and line.split()[9] != "0"
    return held


async def requests_whose_answers_are_never_read(server):
    """Pages of history, asked for one after the other."""
    person = Person(server)
    path = "GET /api/v1/conversations/1/messages?limit=200 HTTP/1.1"
    asked = request([path, "Host: localhost", person.bearer]) * 50
    readers = []
    for _ in range(10):
        raw = Raw(server, receive_buffer=4096)
        raw.send(asked)
        readers.append(raw)
    # The machine itself takes some pages off the server before one has to wait.
    deadline = time.monotonic() + WRITE_MS / 1000 + PATIENCE_S
    while server_connections(server) > 1 and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    assert server_connections(server) <= 1, f"{server_connections(server)} connections are there still"
    for raw in readers:
        raw.tcp.close()
    # A page is two mebibytes, and one waits for each.
    return len(readers) * 8 * MEBIBYTE_KIB


ATTACKS = [
    connections_that_say_nothing,
    heads_that_stop_half_way,
    heads_of_a_byte_at_a_time,
    heads_that_stop_after_another_request,
    bodies_that_stop_half_way,
    bodies_of_a_byte_at_a_time,
    chunks_of_a_byte_at_a_time,
    bodies_declared_over_the_limit,
    bodies_in_chunks_over_the_limit,
    heads_without_end,
    a_thousand_requests_at_once_on_one_connection,
    connections_that_are_reset,
    sockets_that_do_not_say_who_they_are,
    readers_that_never_read,
    requests_whose_answers_are_never_read,
]


def main():
    allow_many_files()
    cases = Cases()
    run = functools.partial
    times = {"header_timeout_ms": HEADER_MS, "request_timeout_ms": REQUEST_MS, "write_timeout_ms": WRITE_MS}
    with Server(**{name: str(value) for name, value in times.items()}, connections_per_address_max="15000") as server:
        attacks = [(case.__name__.replace("_", " "), run(attacked, case, server)) for case in ATTACKS]
        cases.run("attacks", attacks, at_once=1)
        assert "panicked" not in server.printed()
    cases.end(". ".join(figures))


if __name__ == "__main__":
    main()
