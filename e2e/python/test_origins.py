"""Where a browser says a request comes from: with the cookie only our own pages, letter by letter, may open sockets and change
things; with a token in a header it does not matter."""

import functools
import itertools
import socket

from attack import Cases, Person, Raw, handshake, request
from parlor import Server

ALLOWED_ELSEWHERE = "http://localhost:3000"
# What each installation is called: the setting, and every origin that is its own.
PUBLIC = "https://chat.example.org"
numbers = itertools.count(1)


def foreign_to(ours, port):
    """Origins that look like one of ours and are not, by what is different about them."""
    scheme, host = ours.split("://")
    name = host.split(":")[0]
    other_scheme = {"http": "https", "https": "http"}[scheme]
    usual_port = {"http": "80", "https": "443"}[scheme]
    return {
        "another scheme": f"{other_scheme}://{host}",
        "another host": f"{scheme}://evil.example",
        "another port": f"{scheme}://{name}:{port + 1}",
        "the usual port of its scheme": f"{scheme}://{name}:{usual_port}",
        "the name without a port" if ":" in host else "a port of its own": f"{scheme}://{name}" + ("" if ":" in host else ":8443"),
        "a port with a zero more": f"{ours if ':' in host else ours + ':443'}0",
        "a letter before the host": f"{scheme}://evil{host}",
        "a domain below": f"{scheme}://sub.{host}",
        "a name that ends like ours": f"{scheme}://evil-{host}",
        "ours as the beginning": f"{scheme}://{host}.evil.example",
        "ours as the beginning, with the port": f"{ours}.evil.example",
        "ours in the middle": f"{scheme}://evil.{host}.example",
        "ours as a user": f"{scheme}://{host}@evil.example",
        "a user of ours": f"{scheme}://evil@{host}",
        "ours as user and password": f"{scheme}://{name}:x@evil.example",
        "ours as a path": f"{scheme}://evil.example/{host}",
        "ours as a query": f"{scheme}://evil.example?{ours}",
        "ours as a fragment": f"{scheme}://evil.example#{ours}",
        "a slash at the end": f"{ours}/",
        "a path": f"{ours}/x",
        "a dot at the end": f"{scheme}://{name}." + host.removeprefix(name),
        "capitals": ours.upper(),
        "a scheme in capitals": f"{scheme.upper()}://{host}",
        "one capital": f"{scheme}://{host[:-1]}{host[-1].upper()}" if host[-1].isalpha() else f"{scheme.title()}://{host}",
        "letters that look alike": f"{scheme}://xn--{name}-9ve.example",
        "letters beyond ASCII": f"{scheme}://ch\xe1t.example.org",
        "no scheme": host,
        "a scheme without slashes": f"{scheme}:{host}",
        "null": "null",
        "nothing": "",
        "a star": "*",
        "a file": "file://",
        "an extension": f"chrome-extension://{name}",
        "two in one line": f"{ours} {scheme}://evil.example",
        "two with a comma": f"{ours}, {scheme}://evil.example",
        "ours twice": f"{ours}, {ours}",
        "quotes": f'"{ours}"',
        "the page of another system's client": ALLOWED_ELSEWHERE,
        "an address of all": f"http://0.0.0.0:{port}",
        "another loopback address": f"http://127.0.0.2:{port}",
        "the loopback address as one number": f"http://2130706433:{port}",
        "the loopback address in short": f"http://127.1:{port}",
        "the loopback address of IPv6 within IPv4": f"http://[::ffff:127.0.0.1]:{port}",
    }


class Site:
    """A server, somebody with its cookie, and the origins that are its own."""

    def __init__(self, server, public, port):
        self.server, self.port = server, port
        self.person = Person(server) if not public else None
        loopback = [f"http://{host}:{port}" for host in ("127.0.0.1", "localhost", "[::1]")]
        self.ours = ([public] if public else []) + loopback
        if public:
            self.cookie, self.bearer = self._sign_up()
        else:
            self.cookie, self.bearer = f"Cookie: {self.person.cookie}", self.person.bearer

    def _sign_up(self):
        """Where browsers come by TLS the cookie has another name."""
        body = b'{"username":"sita","password":"correct horse battery"}'
        answer = self.ask("POST", "/api/v1/accounts", body=body)
        assert answer.status == 201, answer
        cookie = answer.header("set-cookie").split(";")[0]
        assert cookie.startswith("__Host-parlor_session="), cookie
        return f"Cookie: {cookie}", f"Authorization: Bearer {cookie.split('=')[1]}"

    def ask(self, method, path, *lines, body=None):
        head = [f"{method} {path} HTTP/1.1", "Host: localhost", *lines]
        if body is not None:
            head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        with Raw(self.server) as raw:
            raw.send(request(head, body or b""))
            return raw.answer()

    def open(self, path, *lines):
        with Raw(self.server) as raw:
            raw.send(handshake(path, *lines))
            return raw.answer()

    def me(self):
        return int(self.ask("GET", "/users/me", self.bearer).body.split(b'"id":')[1].split(b",")[0])


def doors(site):
    """By name: what opens or changes something, and the status when it does."""
    say = lambda: b'{"cid":"%d","body":"hello"}' % next(numbers)
    posts = "/api/v1/conversations/1/messages"
    return {
        "the socket": (lambda *lines: site.open("/api/v1/socket", *lines), 101),
        "Chats' socket": (lambda *lines: site.open("/ws/general", *lines), 101),
        "Chatter-Box's socket": (lambda *lines: site.open(f"/ws/{site.me()}", *lines), 101),
        "ChatApp's socket": (lambda *lines: site.open("/ws/3fa9", *lines), 101),
        "Chatroom's socket": (lambda *lines: site.open("/message", *lines), 101),
        "a message": (lambda *lines: site.ask("POST", posts, *lines, body=say()), 201),
        "a receipt": (lambda *lines: site.ask("PUT", "/api/v1/conversations/1/read", *lines, body=b'{"seq":0}'), 200),
        "the profile": (lambda *lines: site.ask("PATCH", "/api/v1/me", *lines, body=b'{"display_name":"Sita"}'), 200),
        "Chats' room": (lambda *lines: site.ask("POST", "/chats/room", *lines, body=b'{"name":"a","description":""}'), 200),
    }


def is_let_in(site, lines):
    for door, (come, status) in doors(site).items():
        answer = come(*lines)
        assert answer.status == status, f"{door}: {answer}"


def is_kept_out(site, *lines):
    for door, (come, _) in doors(site).items():
        answer = come(*lines, site.cookie)
        expected = (401, 403) if door == "Chats' room" or "'s " in door or "s' " in door else (403,)
        assert answer.status in expected, f"{door}: {answer}"
        assert answer.code in ("origin_mismatch", "unauthenticated"), f"{door}: {answer}"
        granted = answer.header("access-control-allow-origin")
        assert not granted or lines == (f"Origin: {granted}",) == (f"Origin: {ALLOWED_ELSEWHERE}",), f"{door}: {granted}"


def is_no_page_to_sign_in_from(site, origin):
    body = b'{"login":"nobody","password":"correct horse battery"}'
    answer = site.ask("POST", "/api/v1/sessions", f"Origin: {origin}", body=body)
    assert (answer.status, answer.code) == (403, "origin_mismatch"), answer


def a_socket_io_session_from_elsewhere_is_nobodys(site, origin):
    """By the cookie alone it is as if nobody were signed in."""
    answer = site.ask("GET", "/socket.io/?EIO=3&transport=polling", site.cookie, f"Origin: {origin}")
    if answer.status == 200:
        sid = answer.body.split(b'"sid":"')[1].split(b'"')[0].decode()
        told = answer.body
        while b"unauthenticated" not in told:
            assert b"history" not in told and answer.status == 200, told
            answer = site.ask("GET", f"/socket.io/?EIO=3&transport=polling&sid={sid}")
            told = answer.body


def reading_needs_no_origin(site):
    assert site.ask("GET", "/api/v1/me", site.cookie).status == 200


def attack(cases, site, name):
    run = functools.partial
    let_in = [(f"{origin} with the cookie", run(is_let_in, site, [site.cookie, f"Origin: {origin}"])) for origin in site.ours]
    let_in.append(("a bearer token and no origin", run(is_let_in, site, [site.bearer])))
    let_in.append(("a bearer token and another origin", run(is_let_in, site, [site.bearer, "Origin: http://evil.example"])))
    let_in.append(("reading needs no origin", run(reading_needs_no_origin, site)))
    cases.run(f"{name}, let in", let_in)
    ours = site.ours[0]
    foreign = foreign_to(ours, site.port)
    assert not set(foreign.values()) & set(site.ours)
    kept_out = [(f"{what}: {origin!r}", run(is_kept_out, site, f"Origin: {origin}")) for what, origin in foreign.items()]
    kept_out.append(("none", run(is_kept_out, site)))
    kept_out.append(("ours and another in two lines", run(is_kept_out, site, f"Origin: {ours}", "Origin: http://evil.example")))
    kept_out.append(("ours in two lines", run(is_kept_out, site, f"Origin: {ours}", f"Origin: {ours}")))
    kept_out.append(("ours as Referer alone", run(is_kept_out, site, f"Referer: {ours}/chat")))
    kept_out.append(("ours as Host alone", run(is_kept_out, site, f"X-Forwarded-Host: {ours}")))
    cases.run(f"{name}, kept out", kept_out)
    signing_in = [(what, run(is_no_page_to_sign_in_from, site, origin)) for what, origin in foreign.items()]
    cases.run(f"{name}, signing in", signing_in)
    some = ["null", "http://evil.example", f"{ours}.evil.example", f"{ours}/"]
    nobody = [(origin, run(a_socket_io_session_from_elsewhere_is_nobodys, site, origin)) for origin in some]
    cases.run(f"{name}, Socket.IO", nobody)


def main():
    cases = Cases()
    with Server(connections_per_account_max="1000") as server:
        attack(cases, Site(server, "", int(server.url.split(":")[-1])), "by address")
    # It says its public name when it starts, so the port is chosen here.
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Server(connections_per_account_max="1000", public_url=PUBLIC, listen=f"127.0.0.1:{port}") as server:
        server.url = f"http://127.0.0.1:{port}"
        attack(cases, Site(server, PUBLIC, port), "behind a name")
    cases.end()


if __name__ == "__main__":
    main()
