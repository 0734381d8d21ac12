"""The chat_app dialect as its document tells it, spoken by `requests` and `websockets`. The page's list is a list here, so
that every position is the page's own, and what `read` answers is read by Python itself."""

import ast
import contextlib

import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from parlor import Server, tell

PATIENCE_S = 20
PASSWORD = "correct horse battery"
HOSTILE = ["it's", 'say "hi"', "it's \"both\"", "back\\slash", "two\nlines\tand a tab", "नमस्ते 🦊", "a\u00a0b\u00adc", "at 10:30: go"]


class Page:
    """What the app's page does with frames: most become a line, and its buttons name a line by its position."""

    def __init__(self, socket, client_id, user_name):
        self.socket, self.client_id, self.user_name = socket, client_id, user_name
        self.lines = []

    def create(self, message):
        self.socket.send(f"create:{self.client_id}: {message}:{self.user_name}")

    def update(self, line, message):
        self.socket.send(f"update:{self.lines.index(line)}:{self.client_id}:{message}:{self.user_name}")

    def delete(self, line):
        self.socket.send(f"delete:{self.lines.index(line)}")

    def hear(self):
        frame = self.socket.recv(timeout=PATIENCE_S)
        if frame.startswith("Updated message:"):
            _, index, rest = frame.split(":", 2)
            who = self.lines[int(index)].split(": ", 1)[0]
            self.lines[int(index)] = f"{who}: {rest}"
        elif frame.startswith("Message deleted:"):
            del self.lines[int(frame.split(":")[1])]
        else:
            self.lines.append(frame)
        return frame


def account(server, username):
    body = {"username": username, "password": PASSWORD}
    made = requests.post(f"{server.url}/api/v1/accounts", json=body, timeout=PATIENCE_S)
    assert made.status_code == 201, made.text
    return made.json()["token"]


@contextlib.contextmanager
def page(server, client_id, user_name, token=None):
    query = f"?token={token}" if token else ""
    with connect(f"{server.ws}/ws/{client_id}{query}", open_timeout=PATIENCE_S) as socket:
        yield Page(socket, client_id, user_name)


def history(server, token):
    answer = requests.get(
        f"{server.url}/api/v1/conversations/1/messages",
        headers={"Authorization": f"Bearer {token}"},
        timeout=PATIENCE_S,
    )
    return [message["body"] for message in answer.json()["messages"]]


def two_people_create_update_and_delete_each_by_the_positions_of_their_own_page(server):
    alice, bob = account(server, "alice"), account(server, "bob")
    with page(server, "codeA", "alice", alice) as a:
        a.create("before bob came")
        assert a.hear() == "codeA: before bob came:alice"
        with page(server, "codeB", "bob", bob) as b:
            b.create("hello: all")
            assert (a.hear(), b.hear()) == ("bob: hello: all:bob", "codeB: hello: all:bob")
            b.update("codeB: hello: all:bob", "hello: both")
            assert a.hear() == "Updated message:1:hello: both:bob"
            assert b.hear() == "Updated message:0:hello: both:bob"
            # Somebody else's line stays as it is; what follows is heard as if nothing had been.
            a.delete("bob: hello: both:bob")
            a.update("bob: hello: both:bob", "taken over")
            a.delete("codeA: before bob came:alice")
            assert a.hear() == "Message deleted:0"
            b.update("codeB: hello: both:bob", "done")
            assert (a.hear(), b.hear()) == ("Updated message:0:done:bob", "Updated message:0:done:bob")
        assert a.hear() == "Client #bob has left the chat"
        assert a.lines == ["bob: done:bob", "Client #bob has left the chat"]
    assert history(server, alice) == [None, "done"]


def the_answer_to_read_is_what_python_would_have_written(server):
    token = account(server, "reader")
    with page(server, "codeR", "reader", token) as r:
        for text in HOSTILE:
            r.create(text)
            assert r.hear() == f"codeR: {text}:reader"
        r.socket.send("read")
        answer = r.hear()
        messages = ast.literal_eval(answer)
        assert messages[-len(HOSTILE) :] == [f"codeR: {text}:reader" for text in HOSTILE], messages
        assert answer == str(messages)
        # The answer is a line too.
        assert len(r.lines) == len(HOSTILE) + 1


def nonsense_is_ignored_and_the_connection_goes_on(server):
    token = account(server, "clumsy")
    with page(server, "codeC", "clumsy", token) as c:
        for frame in ["delete:abc", "delete:-1", "delete:0", "update:x:y", "create:", "update:9:codeC:x:clumsy", ""]:
            c.socket.send(frame)
        c.create("still here")
        assert c.hear() == "codeC: still here:clumsy"


def a_page_that_shows_no_token_is_refused(server):
    try:
        with page(server, "null", "undefined"):
            raise AssertionError("it was let in")
    except InvalidStatus as refused:
        assert refused.response.status_code == 403, refused.response


def guests_come_in_where_they_may(server):
    with Server(dialects="open") as house:
        with page(house, "null", "undefined") as one, page(house, "codeG", "gita") as other:
            one.create("who am I?")
            assert (one.hear(), other.hear()) == ("null: who am I?:guest", "~guest: who am I?:guest (guest)")
            other.delete("~guest: who am I?:guest (guest)")
            other.create("not me")
            assert (one.hear(), other.hear()) == ("~gita: not me:gita (guest)", "codeG: not me:gita")


STORIES = [
    two_people_create_update_and_delete_each_by_the_positions_of_their_own_page,
    the_answer_to_read_is_what_python_would_have_written,
    nonsense_is_ignored_and_the_connection_goes_on,
    a_page_that_shows_no_token_is_refused,
    guests_come_in_where_they_may,
]

if __name__ == "__main__":
    with Server() as the_house:
        tell(STORIES, the_house)
