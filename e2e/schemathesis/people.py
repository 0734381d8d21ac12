"""The people and things that a server holds before schemathesis comes, and how its visitors sign in."""

import re

import requests

PASSWORD = "correct horse battery"
PATIENCE_S = 30


class World:
    """A server as its first administrator sees it."""

    def __init__(self, url, printed):
        self.url = url
        self.printed = printed

    def ask(self, method, path, token=None, expect=True, **body):
        """The answer's JSON."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = requests.request(
            method, f"{self.url}/api/v1{path}", json=body or None, headers=headers, timeout=PATIENCE_S
        )
        assert answer.ok or not expect, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def sign_up(self, name):
        return self.ask("POST", "/accounts", username=name, password=PASSWORD)["token"]

    def furnish(self):
        """A keeper, people with low numbers, rooms, direct chats, messages, reactions, invites and requests. The ids of
        all of it are small, so that made-up numbers meet them."""
        code = re.search(r"/setup#(\S+)", self.printed)[1]
        keeper = self.ask("POST", "/setup", code=code, username="keeper", password=PASSWORD)["token"]
        people = [self.sign_up(f"person{number}") for number in range(1, 7)]
        self.sign_up("member")
        for number, owner in enumerate(people[:3], 1):
            room = self.ask("POST", "/conversations", owner, kind="room", name=f"Room {number}")["conversation"]["id"]
            for needs_approval in (False, True):
                invite = self.ask("POST", f"/conversations/{room}/invites", owner, needs_approval=needs_approval)
                for guest in people[3:5] if needs_approval else people[:3] + [keeper]:
                    self.ask("POST", f"/invites/{invite['code']}/join", guest)
            for line in range(3):
                self.say(room, owner, f"Line {line} of room {number}, @person{number}")
        for number in range(4):
            said = self.say(1, people[number], f"Hello everyone {number}")
            self.ask("PUT", f"/messages/{said['id']}/reactions/👍", keeper)

    def say(self, conversation, token, text):
        return self.ask("POST", f"/conversations/{conversation}/messages", token, cid=f"cid-{hash(text)}", body=text)


def sign_in(url, name):
    """A token of a new session, or None."""
    body = {"login": name, "password": PASSWORD}
    answer = requests.post(f"{url}/api/v1/sessions", json=body, timeout=PATIENCE_S)
    return answer.json() if answer.ok else None


def token_for(url, actor, number):
    """A session of a member or an administrator. Where the last one shut itself out, a new account takes its place."""
    name = f"{actor}{number}"
    found = sign_in(url, name)
    if found is None:
        body = {"username": name, "password": PASSWORD}
        made = requests.post(f"{url}/api/v1/accounts", json=body, timeout=PATIENCE_S)
        if not made.ok:
            return None
        found = made.json()
    if actor == "administrator" and found["account"]["role"] != "administrator":
        keeper = {"Authorization": f"Bearer {sign_in(url, 'keeper')['token']}"}
        path = f"{url}/api/v1/accounts/{found['account']['id']}"
        requests.patch(path, json={"role": "administrator"}, headers=keeper, timeout=PATIENCE_S)
    return found["token"]
