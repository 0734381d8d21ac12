"""Where one request ends and the next begins: whatever a proxy before Parlor may make of it, Parlor reads it in one way or not at
all, and never finds a request in the body of another (RFC 9112, 3, 5, 6 and 7)."""

import functools

from attack import Cases, Person, Raw, request
from parlor import Server

POST = "POST /api/v1/sessions HTTP/1.1"
GET = "GET /healthz HTTP/1.1"
JSON = "Content-Type: application/json"
BODY = b'{"login":"a","password":"b"}'
LENGTH = f"Content-Length: {len(BODY)}"
CHUNKED = "Transfer-Encoding: chunked"
CHUNKS = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)
# Sent after each: answered by 200 if the first was read to its end, and by nothing if the connection was given up.
NEXT = request([GET, "Host: localhost"])
NEXT_STATUS = 200
UNSIGNED = 401  # What the body means: nobody has this account.

# What every answer has, the HTTP library's own too.
HEADERS = ("x-content-type-options", "x-frame-options", "content-security-policy", "referrer-policy")


def post(*lines, body=BODY, first=POST):
    return request([first, "Host: localhost", JSON, *lines], body)


def chunks(body, *lines):
    return post(CHUNKED, *lines, body=body)


def get(*lines, first=GET, host="Host: localhost"):
    return request([first, *([host] if host else []), *lines])


# Read to its end: what comes next is answered for itself.
def read():
    yield "a length", post(LENGTH), UNSIGNED
    yield "chunks", chunks(CHUNKS), UNSIGNED
    yield "the same length twice", post(LENGTH, LENGTH), UNSIGNED
    yield "a length with zeros before it", post(f"Content-Length: 0000{len(BODY)}"), UNSIGNED
    yield "a coding in capitals", post("TRANSFER-ENCODING: CHUNKED", body=CHUNKS), UNSIGNED
    yield "a tab before the coding", post("Transfer-Encoding:\tchunked", body=CHUNKS), UNSIGNED
    yield "a header that only looks like the coding's", post("Transfer_Encoding: chunked", LENGTH), UNSIGNED
    yield "chunks with extensions", chunks(b"1c;a=b;c\r\n" + BODY + b"\r\n0;d\r\n\r\n"), UNSIGNED
    yield "chunks of one byte", chunks(b"".join(b"1\r\n%c\r\n" % byte for byte in BODY) + b"0\r\n\r\n"), UNSIGNED
    many = b"1\r\n \r\n" * 50_000
    yield "fifty thousand chunks of one byte", chunks(many + CHUNKS), UNSIGNED
    yield "a body that says it is compressed, which nothing here undoes", post("Content-Encoding: gzip", LENGTH), UNSIGNED
    yield "trailers that look like headers", chunks(CHUNKS[:-2] + b"Content-Length: 5\r\nHost: evil.example\r\n\r\n"), UNSIGNED
    yield "a GET whose body is a request", get(f"Content-Length: {len(NEXT)}") + NEXT, 200
    yield "a GET whose chunk is a request", get(CHUNKED) + b"%x\r\n%b\r\n0\r\n\r\n" % (len(NEXT), NEXT), 200
    yield "a POST without a body", post(body=b""), 400
    yield "lines that end without a return", post(LENGTH).replace(b"\r\n", b"\n"), UNSIGNED
    yield "one line that ends without a return", post("X: a\nY: b", LENGTH), UNSIGNED
    yield "empty lines before", b"\r\n\r\n" + get(), 200
    yield "a whole address, which goes before the Host", get(first="GET http://evil.example/healthz HTTP/1.1"), 200
    yield "a hop-by-hop Host", get("Connection: keep-alive, Host, Authorization"), 200
    yield "an upgrade to HTTP/2", get("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQ"), 200
    yield "a header of bytes beyond ASCII", get("X: \xff\xfe"), 200
    yield "TRACE, which would repeat the headers", get(first="TRACE /healthz HTTP/1.1"), 405
    yield "CONNECT, which would go elsewhere", get(first="CONNECT localhost:22 HTTP/1.1"), 404
    yield "a method in small letters", get(first="get /healthz HTTP/1.1"), 405


# Given up: one answer and no more.
def given_up():
    yield "a length and chunks", post(LENGTH, CHUNKED, body=CHUNKS), UNSIGNED
    yield "chunks and a length", post(CHUNKED, LENGTH, body=CHUNKS), UNSIGNED
    yield "no length and chunks", post("Content-Length: 0", CHUNKED, body=CHUNKS), UNSIGNED
    lengths = {
        "two lengths in two lines": [LENGTH, "Content-Length: 0"],
        "two lengths in one line": [f"{LENGTH}, 0"],
        "the same length twice in one line": [f"{LENGTH}, {len(BODY)}"],
        "a length with a plus": [f"Content-Length: +{len(BODY)}"],
        "a length below nothing": ["Content-Length: -1"],
        "a length of sixteens": ["Content-Length: 0x1c"],
        "a length with a point": [f"{LENGTH}.0"],
        "a length with a space inside": ["Content-Length: 2 8"],
        "a length with a vertical tab": [f"Content-Length: \x0b{len(BODY)}"],
        "an empty length": ["Content-Length: "],
        "a length that no number holds": ["Content-Length: 99999999999999999999999"],
        "a length in a folded line": [f"Content-Length:\r\n {len(BODY)}"],
    }
    for name, lines in lengths.items():
        yield name, post(*lines), 400
    codings = [
        "identity", "identity, chunked", "chunked, identity", "gzip, chunked", "chunked, chunked", "xchunked", "chunkedx", '"chunked"',
        "chunked;q=1", "\x0bchunked", "chunked\0", "", "\r\n chunked",
    ]
    for coding in codings:
        yield f"the coding {coding!r}", post(f"Transfer-Encoding: {coding}", body=CHUNKS), 400
        yield f"the coding {coding!r} and a length", post(f"Transfer-Encoding: {coding}", LENGTH, body=CHUNKS), 400
    yield "the coding twice", post(CHUNKED, CHUNKED, body=CHUNKS), 400
    yield "the coding in HTTP/1.0", post(CHUNKED, body=CHUNKS, first=POST.replace("1.1", "1.0")), 400
    names = {
        "a space before the colon": "Transfer-Encoding : chunked",
        "a space in a name": "Content Length: 0",
        "no name": ": chunked",
        "no colon": "Nonsense",
        "a NUL in a name": "X\0Y: a",
        "a NUL in a value": "X: a\0b",
        "a return in a value": f"X: a\r{CHUNKED}",
        "a folded line": "X: a\r\n b",
    }
    for name, line in names.items():
        yield name, post(line, LENGTH), 400
    yield "a space before the first header", request([POST, f" {CHUNKED}", "Host: localhost", JSON, LENGTH], BODY), 400
    yield "lines that end without a line feed", post(LENGTH).replace(b"\r\n", b"\r"), 400
    sizes = {
        "with a plus": b"+1c", "of sixteens with their mark": b"0x1c", "below nothing": b"-1", "of seventeen digits": b"f" * 17,
        "of nothing": b"", "with a space before it": b" 1c", "without a return": b"1c\n", "with a line feed in its extension": b"1c;a\nb",
        "with an endless extension": b"1c;" + b"a" * 20_000,
    }
    for name, size in sizes.items():
        yield f"a size of a chunk {name}", chunks(size + b"\r\n" + BODY + b"\r\n0\r\n\r\n"), 400
    yield "a chunk that is longer than it says", chunks(b"1b\r\n" + BODY + b"\r\n0\r\n\r\n"), 400
    yield "a chunk that ends with something else", chunks(b"1c\r\n" + BODY + b"XX0\r\n\r\n"), 400
    yield "endless trailers", chunks(CHUNKS[:-2] + b"X: " + b"a" * 30_000 + b"\r\n\r\n"), 400
    yield "no Host", get(host=None), 400
    yield "two Hosts", get("Host: evil.example"), 400
    yield "the same Host twice", get("Host: localhost"), 400
    lines = {
        "a space in the target": "GET /healthz /x HTTP/1.1", "two spaces": "GET  /healthz HTTP/1.1", "tabs": "GET\t/healthz\tHTTP/1.1",
        "a NUL in the target": "GET /heal\0thz HTTP/1.1", "bytes beyond ASCII": "GET /\xff HTTP/1.1", "no target": "GET  HTTP/1.1",
        "a method that is no word": "G(ET /healthz HTTP/1.1", "HTTP/1.2": "GET /healthz HTTP/1.2", "HTTP/2.0": "GET /healthz HTTP/2.0",
        "http in small letters": "GET /healthz http/1.1", "HTTP/0.9": "GET /healthz", "HTTP/1.1x": "GET /healthz HTTP/1.1x",
    }
    for name, line in lines.items():
        yield f"a first line with {name}", get(first=line), 400
    waiting = post("Content-Length: 99999999", "Expect: 100-continue", body=b"")
    yield "a body over the limit that waits to be asked for", waiting, 413
    yield "the beginning of TLS", bytes.fromhex("16030100c8010000c40303") + bytes(50), 400
    yield "a head that is too long", get("X: " + "a" * 20_000), 431
    yield "a target that is too long", get(first=f"GET /{'a' * 70_000} HTTP/1.1"), 431
    yield "a hundred and one headers", get(*["X: y"] * 100), 431
    yield "a length that no memory holds", post("Content-Length: 18446744073709551615"), 431


def is_answered(server, data, *statuses):
    with Raw(server) as raw:
        sending = raw.send_beside(data + NEXT)
        answers = []
        try:
            while True:
                answers.append(raw.answer())
                assert all(answers[-1].header(name) for name in HEADERS), answers[-1].headers
                if len(answers) == len(statuses):
                    raw.tcp.shutdown(1)
        except (EOFError, OSError):
            pass
        sending.join()
        assert [answer.status for answer in answers] == list(statuses), answers


def main():
    cases = Cases()
    run = functools.partial
    with Server() as server:
        cases.run("read to the end", [(name, run(is_answered, server, data, status, NEXT_STATUS)) for name, data, status in read()])
        cases.run("given up", [(name, run(is_answered, server, data, status)) for name, data, status in given_up()])
        cases.run("given up", [("the beginning of HTTP/2", run(is_answered, server, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))])
        assert Person(server).say() == 201
    cases.end()


if __name__ == "__main__":
    main()
