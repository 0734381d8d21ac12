"""Forged tokens at every door that takes tokens: refused with the documented code, and never in the log."""

import functools
import json

import requests

from attack import PATIENCE_S, Cases, Raw, request, text
from forger import Forger
from parlor import Server


def by_http(path, server, token):
    answer = requests.get(server.url + path, headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE_S)
    return answer.status_code, None if answer.ok else answer.json()["code"]


def by_query(path, server, token):
    with Raw(server) as raw:
        raw.send(handshake_with(path + "?token=" + requests.utils.quote(token, safe="")))
        answer = raw.answer()
        return answer.status, answer.code


def by_handshake(path, server, token):
    with Raw(server) as raw:
        raw.send(handshake_with(path, f"Authorization: Bearer {token}"))
        answer = raw.answer()
        return answer.status, answer.code


def handshake_with(path, *lines):
    usual = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: " + "A" * 22 + "=="]
    return request([f"GET {path} HTTP/1.1", "Host: localhost", *usual, *lines])


def by_own_socket(server, token, in_hello):
    with Raw(server) as raw:
        raw.upgrade("/api/v1/socket", *([] if in_hello else [f"Authorization: Bearer {token}"]))
        raw.send(text({"op": "hello"} | ({"token": token} if in_hello else {})))
        said = raw.hear()
        if said["op"] == "welcome":
            return 101, None
        assert raw.close_code() == 1008
        return 401, said["code"]


def by_socket_io(server, token, in_auth):
    lines = [] if in_auth else [f"Authorization: Bearer {token}"]
    with Raw(server) as raw:
        raw.upgrade("/socket.io/?EIO=4&transport=websocket", *lines)
        raw.send(text("40" + (json.dumps({"token": token}) if in_auth else "")))
        while True:
            said = bytes(raw.frame().data).decode()
            if said.startswith("40{"):
                return 101, None
            if said.startswith("44"):
                return 401, json.loads(said[2:])["data"]["code"]


def by_cookie(server, token):
    answer = requests.get(f"{server.url}/api/v1/me", headers={"Cookie": f"parlor_session={token}"}, timeout=PATIENCE_S)
    return answer.status_code, answer.json().get("code")


def by_refreshing(server, token):
    answer = requests.post(f"{server.url}/api/v1/sessions/refresh", json={"refresh_token": token}, timeout=PATIENCE_S)
    return answer.status_code, answer.json().get("code")


DOORS = {
    "the API": functools.partial(by_http, "/api/v1/me"),
    "a cookie": by_cookie,
    "the socket's header": functools.partial(by_own_socket, in_hello=False),
    "the socket's hello": functools.partial(by_own_socket, in_hello=True),
    "Chats": functools.partial(by_http, "/users/me"),
    "Chats' socket": functools.partial(by_handshake, "/ws/general"),
    "Chats' socket by query": functools.partial(by_query, "/ws/general"),
    "Chatter-Box": functools.partial(by_http, "/history"),
    "Chatter-Box's socket": functools.partial(by_query, "/ws/1001"),
    "ChatApp's socket": functools.partial(by_query, "/ws/3fa9"),
    "Chatroom's socket": functools.partial(by_query, "/message"),
    "Socket.IO's header": functools.partial(by_socket_io, in_auth=False),
    "Socket.IO's auth": functools.partial(by_socket_io, in_auth=True),
}


def is_refused_everywhere(server, token, code):
    for door, come in DOORS.items():
        came = come(server, token)
        assert came == (401, code), f"{door}: {came}"


def the_good_one_is_taken_everywhere(forger):
    for door, come in DOORS.items():
        status, code = come(forger.server, forger.good)
        assert status in (200, 101) or (door == "Chatter-Box's socket" and code == "forbidden"), f"{door}: {status} {code}"
    assert by_http("/api/v1/me", forger.server, forger.claiming()) == (200, None), "signed here, as the server does"


# Headers, of which TOKEN is a good token: nobody is signed in by any of them.
HEADERS = [
    "Basic TOKEN", "Token TOKEN", "JWT TOKEN", "Digest TOKEN", "TOKEN", "Bearer", "Bearer ", "Bearer:TOKEN", "BearerTOKEN", "Bearer=TOKEN",
    "Bearer TOKEN TOKEN", "Bearer TOKEN,TOKEN", "Bearer TOKEN, Bearer TOKEN", 'Bearer "TOKEN"', "Bearer token=TOKEN", "Bearer Bearer TOKEN",
    "Bearer\tTOKEN", "Bearer %54OKEN", "Bearer TOKEN;", "Bearer null", "Bearer undefined", "Negotiate TOKEN",
]


def is_no_header(forger, lines):
    with Raw(forger.server) as raw:
        raw.send(request(["GET /api/v1/me HTTP/1.1", "Host: localhost", *lines]))
        answer = raw.answer()
        assert (answer.status, answer.code) == (401, "unauthenticated"), answer


def a_token_in_the_address_counts_for_nothing_where_headers_can_be_sent(forger):
    for path in ("/api/v1/me", "/api/v1/conversations", "/users/me", "/chats", "/history"):
        for name in ("token", "access_token", "authorization", "bearer_token"):
            answer = requests.get(f"{forger.server.url}{path}?{name}={forger.good}", timeout=PATIENCE_S)
            assert answer.status_code == 401, (path, name, answer.text)


def two_cookies_count_as_none(forger):
    with Raw(forger.server) as raw:
        twice = f"Cookie: {forger.person.cookie}; parlor_session=x"
        raw.send(request(["GET /api/v1/me HTTP/1.1", "Host: localhost", twice]))
        assert raw.answer().status == 401


def the_value_of_the_cookie_is_a_bearer_token_as_documented(forger):
    token = forger.person.cookie.split("=")[1]
    assert by_http("/api/v1/me", forger.server, token) == (200, None)


def a_refresh_token_that_is_used_twice_ends_its_session(forger):
    signed_in = forger.person.sign_in("jwt")
    assert by_http("/api/v1/me", forger.server, signed_in["token"]) == (200, None)
    assert by_refreshing(forger.server, signed_in["refresh_token"])[0] == 200
    assert by_refreshing(forger.server, signed_in["refresh_token"])[0] == 401
    assert by_http("/api/v1/me", forger.server, signed_in["token"]) == (401, "unauthenticated")


def an_access_token_is_no_refresh_token(forger):
    for token in (forger.good, forger.person.token):
        assert by_refreshing(forger.server, token) == (401, "unauthenticated")


ALONE = [
    an_access_token_is_no_refresh_token,
    the_good_one_is_taken_everywhere,
    a_token_in_the_address_counts_for_nothing_where_headers_can_be_sent,
    two_cookies_count_as_none,
    the_value_of_the_cookie_is_a_bearer_token_as_documented,
    a_refresh_token_that_is_used_twice_ends_its_session,
]


def no_token_was_written_into_the_log(forger, tokens):
    printed = forger.server.printed()
    secrets = [forger.good, forger.refresh, forger.key.decode(), forger.person.token, *tokens]
    # The parts of a token are as good as the whole; what is short stands in any text.
    parts = {part for token in secrets for part in token.split(".") if len(part) > 20}
    written = [part for part in parts if part in printed]
    assert not written, f"the log has {written}"
    assert "request" in printed and "panicked" not in printed


def main():
    cases = Cases()
    run = functools.partial
    with Server(log="debug", connections_per_account_max="1000") as server:
        forger = Forger(server)
        forged = list(forger.tokens())
        cases.run("forged tokens", [(name, run(is_refused_everywhere, server, token, code)) for name, token, code in forged])
        headers = [(words, run(is_no_header, forger, [f"Authorization: {words.replace('TOKEN', forger.good)}"])) for words in HEADERS]
        good, basic = f"Authorization: Bearer {forger.good}", "Authorization: Basic eDp5"
        headers.append(("the same header twice", run(is_no_header, forger, [good, good])))
        headers.append(("another scheme before it", run(is_no_header, forger, [basic, good])))
        headers.append(("another scheme after it", run(is_no_header, forger, [good, basic])))
        empty = ["Authorization: Bearer", f"Cookie: {forger.person.cookie}"]
        headers.append(("an empty one before a cookie", run(is_no_header, forger, empty)))
        cases.run("headers", headers)
        cases.run("tokens", [(case.__name__.replace("_", " "), run(case, forger)) for case in ALONE], at_once=1)
        written = ("no token was written into the log", run(no_token_was_written_into_the_log, forger, [token for _, token, _ in forged]))
        cases.run("tokens", [written])
    cases.end()


if __name__ == "__main__":
    main()
