"""The chats dialect as its document tells it, spoken by `requests` and `websockets`."""

import itertools
import json

import requests
import websockets
from websockets.sync.client import connect

from parlor import Server, tell

PATIENCE_S = 20
PASSWORD = "correct horse battery"
numbers = itertools.count(1)


class User:
    """Somebody who signed up and logged in."""

    def __init__(self, server, name):
        self.server = server
        self.name = f"{name}{next(numbers)}"
        body = {"username": self.name, "password": PASSWORD, "email": f"{self.name}@example.org"}
        made = requests.post(f"{server.url}/auth/signup", json=body, timeout=PATIENCE_S)
        assert made.ok and made.json()["message"] == "User created", made.text
        self.log_in()
        self.id = self.get("/users/me").json()["id"]

    def log_in(self):
        body = {"username": self.name, "password": PASSWORD}
        signed_in = requests.post(f"{self.server.url}/auth/login", json=body, timeout=PATIENCE_S).json()
        assert signed_in["token_type"] == "bearer", signed_in
        self.token = signed_in["access_token"]
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def get(self, path, **more):
        return requests.get(self.server.url + path, headers=self.headers, timeout=PATIENCE_S, **more)

    def post(self, path, body=None):
        return requests.post(self.server.url + path, json=body, headers=self.headers, timeout=PATIENCE_S)

    def connect(self, path):
        return connect(self.server.ws + path, additional_headers=self.headers, open_timeout=PATIENCE_S)


def says(socket, **frame):
    socket.send(json.dumps(frame))


def hears(socket, kind=None):
    """The next frame; with a kind, the next of this kind."""
    while True:
        frame = json.loads(socket.recv(timeout=PATIENCE_S))
        if kind is None or frame["type"] == kind:
            return frame


def close_code(socket):
    try:
        while True:
            socket.recv(timeout=PATIENCE_S)
    except websockets.ConnectionClosed as closed:
        return closed.rcvd.code


def is_kept_out(server, path, headers=None):
    """The status and the body with which the handshake is refused."""
    try:
        with connect(server.ws + path, additional_headers=headers, open_timeout=PATIENCE_S):
            raise AssertionError(f"{path} was opened")
    except websockets.InvalidStatus as refused:
        return refused.response.status_code, json.loads(refused.response.body)


def a_wrong_password_is_told_and_a_wrong_body_is_told_field_by_field(server):
    sita = User(server, "sita")
    wrong = requests.post(
        f"{server.url}/auth/login", json={"username": sita.name, "password": "no"}, timeout=PATIENCE_S
    )
    assert wrong.status_code == 401 and isinstance(wrong.json()["detail"], str), wrong.text
    missing = requests.post(f"{server.url}/auth/signup", json={"username": "x"}, timeout=PATIENCE_S)
    assert missing.status_code == 422, missing.text
    assert [entry["loc"] for entry in missing.json()["detail"]] == [["body", "password"], ["body", "email"]]
    assert requests.get(f"{server.url}/chats", timeout=PATIENCE_S).status_code == 401


def everyone_in_general_hears_what_is_said_there(server):
    sita, ram = User(server, "sita"), User(server, "ram")
    with sita.connect("/ws/general") as hers, connect(f"{server.ws}/ws/general?token={ram.token}") as his:
        says(hers, type="join")
        says(his, join=ram.name)
        says(hers, content="hello 👋")
        for socket in (hers, his):
            message = hears(socket)
            assert message["user_id"] == sita.id and message["content"] == "hello 👋", message
            assert message["chat_type"] == "general" and message["timestamp"].endswith("Z"), message
    history = ram.get("/chats/general/history", params={"limit": 50, "offset": 0}).json()["messages"]
    assert history[-1]["user_id"] == sita.id and history[-1]["content"] == "hello 👋", history
    same = ram.get("/chats/general/history", json={"limit": 1, "offset": 0}).json()["messages"]
    assert same == history[-1:], same


def two_people_find_each_other_and_talk_alone(server):
    sita, ram, hari = User(server, "sita"), User(server, "ram"), User(server, "hari")
    found = sita.get("/users", params={"query": ram.name}).json()["users"]
    assert [user["id"] for user in found] == [ram.id] and "email" not in found[0], found
    started = sita.post("/chats/private", {"receiver_id": ram.id}).json()
    assert started["status"] == "created", started
    chat = started["chat_id"]
    assert ram.post("/chats/private", {"receiver_id": sita.id}).json() == {"chat_id": chat, "status": "exists"}
    path = f"/ws/private/{chat}"
    with sita.connect(path) as hers, ram.connect(path) as his, ram.connect("/ws/general") as window:
        says(hers, content="Hello!", chat_id=chat)
        for socket in (hers, his):
            message = hears(socket, "message")
            assert (message["sender_id"], message["receiver_id"]) == (sita.id, ram.id), message
        notification = hears(window, "notification")
        assert notification["chat_id"] == chat and notification["message"]["content"] == "Hello!", notification
    assert is_kept_out(server, path, hari.headers) == is_kept_out(server, "/ws/private/99999", hari.headers)
    assert is_kept_out(server, path, hari.headers)[0] == 403
    assert hari.get(f"/chats/private/{chat}/history").status_code == 404
    history = ram.get(f"/chats/private/{chat}/history").json()["messages"]
    assert [(m["sender_id"], m["receiver_id"], m["content"]) for m in history] == [(sita.id, ram.id, "Hello!")]


def a_creator_lets_somebody_in_who_followed_the_link(server):
    sita, ram = User(server, "sita"), User(server, "ram")
    made = sita.post("/chats/room", {"name": "Garden", "description": "Tomatoes"}).json()
    room, link = made["room_id"], made["invite_link"]
    page = requests.get(link, headers={"Accept": "text/html"}, timeout=PATIENCE_S)
    assert page.history[0].status_code == 303 and "/join/" in page.url and page.ok, page.url
    path = f"/ws/room/{room}"
    with sita.connect(path) as hers, ram.connect("/ws/general") as window:
        asked = ram.post(f"/chats/room/{room}/join", {"invite_link": link}).json()
        assert asked["status"] == "pending_approval", asked
        request = hears(hers, "join_request")
        assert (request["room_id"], request["user_id"]) == (room, ram.id), request
        assert is_kept_out(server, path, ram.headers)[0] == 403
        approved = sita.post(f"/chats/room/{room}/invite/approve").json()
        assert approved["status"] == "approved", approved
        assert hears(window, "join_approved")["room_id"] == room
        with ram.connect(path) as his:
            says(his, content="Hello everyone!")
            for socket in (hers, his):
                message = hears(socket, "message")
                assert (message["room_id"], message["user_id"]) == (room, ram.id), message
    history = sita.get(f"/chats/room/{room}/history").json()["messages"]
    assert [(m["user_id"], m["content"]) for m in history] == [(ram.id, "Hello everyone!")]
    members = ram.get(f"/chats/room/{room}/members").json()["members"]
    assert [member["user_id"] for member in members] == [sita.id, ram.id], members


def bad_frames_are_answered_and_nobody_else_notices(server):
    sita, ram = User(server, "sita"), User(server, "ram")
    with sita.connect("/ws/general") as hers, ram.connect("/ws/general") as his:
        for frame in ("", "hello", "[", "{}", '{"content": 7}', '{"type": "explode"}', b"\x00\xff"):
            hers.send(frame)
            error = hears(hers)
            assert error["type"] == "error" and error["code"] and error["detail"], error
        says(hers, content="all is well")
        assert hears(his)["content"] == "all is well"


def whoever_logs_out_hears_nothing_more(server):
    sita, ram = User(server, "sita"), User(server, "ram")
    chat = sita.post("/chats/private", {"receiver_id": ram.id}).json()["chat_id"]
    with sita.connect("/ws/general") as one, sita.connect(f"/ws/private/{chat}") as other:
        assert sita.post("/auth/logout").ok
        assert (close_code(one), close_code(other)) == (4001, 4001)
    assert is_kept_out(server, "/ws/general", sita.headers)[0] == 401
    assert sita.get("/chats").status_code == 401
    sita.log_in()
    assert sita.get("/chats").ok


def without_a_token_no_socket_opens(server):
    for path in ("/ws/general", "/ws/private/1", "/ws/room/1"):
        status, body = is_kept_out(server, path)
        assert status == 403 and body["detail"], body


if __name__ == "__main__":
    with Server() as server:
        tell(
            [
                a_wrong_password_is_told_and_a_wrong_body_is_told_field_by_field,
                everyone_in_general_hears_what_is_said_there,
                two_people_find_each_other_and_talk_alone,
                a_creator_lets_somebody_in_who_followed_the_link,
                bad_frames_are_answered_and_nobody_else_notices,
                whoever_logs_out_hears_nothing_more,
                without_a_token_no_socket_opens,
            ],
            server,
        )
