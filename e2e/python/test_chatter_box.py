"""The chatter_box dialect as its document tells it, spoken by `requests` and `websockets`."""

import json

import requests
import websockets
from websockets.sync.client import connect

from parlor import Server, tell

PATIENCE_S = 20
PASSWORD = "correct horse battery"
PAGE = "http://localhost:3000"


class User:
    """Somebody who registered and logged in."""

    def __init__(self, server, name):
        self.server = server
        body = {"username": name, "password": PASSWORD}
        made = post(server, "/register", body)
        assert (made.status_code, made.json()) == (200, {"message": "User created"}), made.text
        signed_in = post(server, "/login", body).json()
        self.token, self.id = signed_in["access_token"], signed_in["user_id"]
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def get(self, path):
        return get(self.server, path, headers=self.headers)

    def connect(self):
        return connect(f"{self.server.ws}/ws/{self.id}?token={self.token}", open_timeout=PATIENCE_S)


def get(server, path, **more):
    return requests.get(server.url + path, timeout=PATIENCE_S, **more)


def post(server, path, body):
    return requests.post(server.url + path, json=body, timeout=PATIENCE_S)


def guest(server, number):
    return connect(f"{server.ws}/ws/{number}", open_timeout=PATIENCE_S, origin=PAGE)


def says(socket, content, **more):
    socket.send(json.dumps({"content": content, **more}))


def hears(socket):
    return json.loads(socket.recv(timeout=PATIENCE_S))


def is_kept_out(server, path):
    """The status with which the handshake is refused."""
    try:
        with connect(server.ws + path, open_timeout=PATIENCE_S):
            raise AssertionError(f"{path} was opened")
    except websockets.InvalidStatus as refused:
        return refused.response.status_code


def whoever_registers_can_log_in_and_a_name_is_taken_once(server):
    User(server, "john")
    again = post(server, "/register", {"username": "john", "password": PASSWORD})
    assert again.status_code == 400 and isinstance(again.json()["detail"], str), again.text
    wrong = post(server, "/login", {"username": "john", "password": "not the one"})
    assert (wrong.status_code, wrong.json()["detail"]) == (400, "Invalid credentials"), wrong.text
    missing = post(server, "/login", {"username": "john"})
    assert missing.status_code == 422 and missing.json()["detail"][0]["loc"] == ["body", "password"], missing.text


def everyone_hears_a_broadcast_and_one_hears_a_private_message(server):
    ann, bob, cem = User(server, "ann"), User(server, "bob"), User(server, "cem")
    with ann.connect() as to_ann, bob.connect() as to_bob, cem.connect() as to_cem:
        says(to_ann, "hello all")
        for socket in (to_ann, to_bob, to_cem):
            assert hears(socket) == {"content": "hello all", "sender_id": ann.id}
        says(to_ann, "hello bob", receiver_id=bob.id)
        assert hears(to_bob) == {"content": "hello bob", "sender_id": ann.id, "receiver_id": bob.id}
        says(to_cem, "anything for me?")
        for socket in (to_ann, to_cem):
            assert hears(socket) == {"content": "anything for me?", "sender_id": cem.id}
    rows = bob.get(f"/history/{ann.id}/{bob.id}").json()
    assert [sorted(row) for row in rows] == [["content", "id", "receiver_id", "sender_id", "timestamp"]], rows
    assert (rows[0]["content"], rows[0]["sender_id"], rows[0]["receiver_id"]) == ("hello bob", ann.id, bob.id)
    broadcasts = cem.get("/broadcast-history").json()
    assert [row["content"] for row in broadcasts] == ["hello all", "anything for me?"], broadcasts
    assert all(row["receiver_id"] is None for row in broadcasts)
    everything = [row["content"] for row in bob.get("/history").json()]
    assert everything == ["hello all", "hello bob", "anything for me?"], everything
    assert "hello bob" not in cem.get("/history").text
    assert cem.get(f"/history/{ann.id}/{bob.id}").status_code == 403


def who_was_away_reads_it_later(server):
    dia, eda = User(server, "dia"), User(server, "eda")
    with dia.connect() as socket:
        says(socket, "read this later", receiver_id=eda.id)
        says(socket, "done")
        assert hears(socket)["content"] == "done", "the private one is not told back"
    rows = eda.get(f"/history/{eda.id}/{dia.id}").json()
    assert [row["content"] for row in rows] == ["read this later"], rows


def bad_frames_are_answered_and_nobody_else_notices(server):
    fay, gus = User(server, "fay"), User(server, "gus")
    with fay.connect() as bad, gus.connect() as neighbour:
        for frame in ["not json", "[]", "{}", '{"content": 7}', '{"content": "x", "receiver_id": "nobody"}']:
            bad.send(frame)
            answer = hears(bad)
            assert "error" in answer and "sender_id" not in answer, answer
        bad.send(b"\x00\xff")
        assert hears(bad)["code"] == "invalid_request"
        says(bad, "still here")
        assert hears(bad)["content"] == "still here"
        assert hears(neighbour)["content"] == "still here"


def nobody_comes_in_without_a_token(server):
    hal = User(server, "hal")
    assert is_kept_out(server, "/ws/4711") == 403
    assert is_kept_out(server, "/ws/hal") == 403
    assert is_kept_out(server, f"/ws/{hal.id + 1}?token={hal.token}") == 403
    for path in ("/history", "/history/1/2", "/broadcast-history"):
        assert get(server, path).status_code == 401, path


def the_page_of_the_app_may_call_from_its_own_origin(server):
    asks = {"Origin": PAGE, "Access-Control-Request-Method": "GET"}
    answer = requests.options(f"{server.url}/history/1/2", headers=asks, timeout=PATIENCE_S)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"


def the_page_of_the_app_works_without_a_token_where_guests_are_let_in(_):
    with Server(dialects="open") as server, guest(server, 1) as poornima, guest(server, 2) as madhu:
        says(poornima, "hello Madhu", receiver_id=2)
        assert hears(madhu) == {"content": "hello Madhu", "sender_id": 1, "receiver_id": 2, "is_guest": True}
        says(madhu, "hello Jyothi", receiver_id=3)
        with guest(server, 3) as jyothi:
            says(jyothi, "hello Poornima", receiver_id=1)
            assert hears(poornima)["sender_id"] == 3
        rows = get(server, "/history/3/2", headers={"Origin": PAGE}).json()
        assert [(row["content"], row["sender_id"]) for row in rows] == [("hello Jyothi", 2)], rows


if __name__ == "__main__":
    with Server() as server:
        tell(
            [
                whoever_registers_can_log_in_and_a_name_is_taken_once,
                everyone_hears_a_broadcast_and_one_hears_a_private_message,
                who_was_away_reads_it_later,
                bad_frames_are_answered_and_nobody_else_notices,
                nobody_comes_in_without_a_token,
                the_page_of_the_app_may_call_from_its_own_origin,
                the_page_of_the_app_works_without_a_token_where_guests_are_let_in,
            ],
            server,
        )
