"""The chatroom dialect as its document tells it, spoken by `requests` and `websockets`."""

import contextlib
import itertools
import json

import requests
import websockets
from websockets.sync.client import connect

from parlor import Server, tell

PATIENCE_S = 20
PASSWORD = "correct horse battery"
GREETING = {"isMe": True, "data": "Have joined!!", "username": "You"}
phones = itertools.count(9_800_000_001)


def post(server, path, body):
    return requests.post(server.url + path, json=body, timeout=PATIENCE_S)


def person(firstname, **more):
    """What the registration form sends."""
    row = {"firstname": firstname, "lastname": "Rai", "email": f"{firstname.lower()}@example.org"}
    return row | {"phone": str(next(phones)), "password": PASSWORD} | more


def sign_in(server, firstname):
    """Registers somebody and logs them in; the cookie that the browser would have."""
    body = person(firstname)
    made = post(server, "/register/user", body)
    assert made.status_code == 200, made.text
    signed_in = post(server, "/login/user", {"email": body["email"], "password": PASSWORD})
    assert (signed_in.status_code, signed_in.json()) == (200, {"message": "Login success"}), signed_in.text
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in signed_in.cookies)


@contextlib.contextmanager
def join(server, cookie=None):
    headers = {"Cookie": cookie} if cookie else None
    with connect(
        f"{server.ws}/message", additional_headers=headers, origin=server.url, open_timeout=PATIENCE_S
    ) as socket:
        assert hears(socket) == GREETING
        yield socket


def says(socket, username, message):
    socket.send(json.dumps({"message": message, "username": username}))


def hears(socket):
    return json.loads(socket.recv(timeout=PATIENCE_S))


def line(is_me, username, data):
    return {"isMe": is_me, "data": data, "username": username}


def its_pages_are_there_in_both_spellings(server):
    for path in ("/", "/register", "/register/", "/login", "/login/", "/chat"):
        page = requests.get(server.url + path, timeout=PATIENCE_S, allow_redirects=False)
        assert page.status_code == 200 and page.headers["Content-Type"].startswith("text/html"), path


def whoever_registers_gets_the_row_and_nobody_a_hash(server):
    body = person("Ramesh")
    row = post(server, "/register/user", body).json()
    given = {"firstname": "Ramesh", "lastname": "Rai", "email": "ramesh@example.org", "phone": int(body["phone"])}
    assert row == given | {"id": row["id"], "password": ""}, row
    assert requests.get(f"{server.url}/register/all", timeout=PATIENCE_S).status_code == 401
    same_email = post(server, "/register/user", person("Ramesh"))
    assert same_email.status_code == 400
    assert same_email.json()["detail"] == "User is already registered."
    same_phone = post(server, "/register/user", person("Rita", phone=body["phone"]))
    assert same_phone.status_code == 400 and isinstance(same_phone.json()["detail"], str), same_phone.text
    wrong = post(server, "/register/user", person("Rita", phone="not a number"))
    assert wrong.status_code == 422 and wrong.json()["detail"][0]["loc"] == ["body", "phone"], wrong.text


def a_wrong_password_and_an_unknown_address_are_told_alike(server):
    assert post(server, "/register/user", person("Hari")).ok
    answers = [
        post(server, "/login/user", {"email": email, "password": "not the one"})
        for email in ("hari@example.org", "nobody@example.org")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()
    assert not answers[0].cookies


def two_who_logged_in_chat_under_their_own_names(server):
    with join(server, sign_in(server, "Sita")) as sita, join(server, sign_in(server, "Gita")) as gita:
        says(sita, "Gita", "namaste")
        assert hears(sita) == line(True, "Sita Rai", "namaste")
        assert hears(gita) == line(False, "Sita Rai", "namaste")
        says(gita, "Gita", "namaste Sita")
        assert hears(gita) == line(True, "Gita Rai", "namaste Sita")
        assert hears(sita) == line(False, "Gita Rai", "namaste Sita")


def bad_frames_are_answered_and_nobody_else_notices(server):
    with join(server, sign_in(server, "Mina")) as bad, join(server, sign_in(server, "Nita")) as neighbour:
        for frame in ["not json", "[]", '{"message": "no name"}', '{"username": "Mina"}', '{"message": 1, "username": 2}']:
            bad.send(frame)
            answer = hears(bad)
            assert answer["isMe"] is False and answer["code"], answer
        bad.send(b"\x00\xff")
        assert hears(bad)["code"] == "invalid_request"
        says(bad, "Mina", "still here")
        assert hears(bad) == line(True, "Mina Rai", "still here")
        assert hears(neighbour) == line(False, "Mina Rai", "still here")


def nobody_comes_in_without_logging_in(server):
    try:
        with join(server):
            raise AssertionError("somebody came in")
    except websockets.InvalidStatus as refused:
        assert refused.response.status_code == 403


def guests_give_their_names_where_they_are_let_in(_):
    with Server(dialects="open") as server, join(server) as ramesh, join(server) as other:
        says(ramesh, "Ramesh", "hello")
        assert hears(ramesh) == line(True, "Ramesh", "hello")
        assert hears(other) == line(False, "Ramesh (guest)", "hello")
        assert post(server, "/register/user", person("Sita")).ok
        says(other, "Sita Rai", "I am Sita")
        assert hears(other)["code"] == "username_taken"
        says(other, "Somebody", "then not")
        assert hears(ramesh) == line(False, "Somebody (guest)", "then not"), "nothing was said as Sita"


if __name__ == "__main__":
    with Server() as server:
        tell(
            [
                its_pages_are_there_in_both_spellings,
                whoever_registers_gets_the_row_and_nobody_a_hash,
                a_wrong_password_and_an_unknown_address_are_told_alike,
                two_who_logged_in_chat_under_their_own_names,
                bad_frames_are_answered_and_nobody_else_notices,
                nobody_comes_in_without_logging_in,
                guests_give_their_names_where_they_are_let_in,
            ],
            server,
        )
