"""How long refusals take: an unknown account and a wrong password, codes that were never made and those that were revoked. Whoever
measures must learn nothing from it.

Samples are taken in turn, so that whatever else the machine does falls on all kinds alike. `PARLOR_TIMING_SAMPLES` is how many of
each: 60 unless set. The medians may differ by `PARLOR_TIMING_BOUND_MS`; where it is not set, which is right beside other work, by 20
ms or half of the slowest: a password that is not hashed saves nearly all of it."""

import functools
import itertools
import os
import random
import statistics
import time

import requests

from attack import PATIENCE_S, Cases, Person
from parlor import Server

SAMPLES = int(os.environ.get("PARLOR_TIMING_SAMPLES", "60"))
BOUND_MS = os.environ.get("PARLOR_TIMING_BOUND_MS")
USUAL_BOUND_MS = 20
SEED = int(os.environ.get("PARLOR_SEED", "7"))
unknown = itertools.count(1)
figures = []


def sampled(kinds):
    """The time of each kind in milliseconds, as often as `SAMPLES` says, in an order that is shuffled each time."""
    order = random.Random(SEED)
    took = {kind: [] for kind in kinds}
    for _ in range(SAMPLES):
        for kind in order.sample(list(kinds), len(kinds)):
            begun = time.perf_counter()
            kinds[kind]()
            took[kind].append((time.perf_counter() - begun) * 1000)
    return took


def noise_ms(samples):
    """By how much the medians of two halves of the same kind differ."""
    return abs(statistics.median(samples[::2]) - statistics.median(samples[1::2]))


def take_the_same_time(name, kinds):
    for ask in kinds.values():
        ask()
    took = sampled(kinds)
    medians = {kind: statistics.median(samples) for kind, samples in took.items()}
    apart = max(medians.values()) - min(medians.values())
    noise = max(noise_ms(samples) for samples in took.values())
    shown = ", ".join(f"{kind} {median:.1f}" for kind, median in medians.items())
    figures.append(f"{name}: {shown} ms, {apart:.1f} apart, noise {noise:.1f}")
    bound = float(BOUND_MS) if BOUND_MS else max(USUAL_BOUND_MS, max(medians.values()) / 2)
    assert apart <= bound, figures[-1]


def refused(session, server, path, body, *statuses):
    answer = session.post(server.url + path, json=body, timeout=PATIENCE_S) if body else session.get(server.url + path, timeout=PATIENCE_S)
    assert answer.status_code in statuses, answer.text


def signing_in(server, session, person, path, statuses, word="login"):
    ask = functools.partial(refused, session, server, path)
    return {
        "a known account": lambda: ask({word: person.name, "password": "not the one"}, *statuses),
        "an unknown one": lambda: ask({word: f"nobody{next(unknown)}", "password": "not the one"}, *statuses),
        "no name at all": lambda: ask({word: "\u0000 ?", "password": "not the one"}, *statuses),
        "an address": lambda: ask({word: f"nobody{next(unknown)}@example.org", "password": "not the one"}, *statuses),
    }


def invites(server, session, person):
    headers = {"Authorization": f"Bearer {person.token}"}
    api = f"{server.url}/api/v1"
    room = requests.post(f"{api}/conversations", json={"kind": "room", "name": "a room"}, headers=headers, timeout=PATIENCE_S).json()
    made = f"{api}/conversations/{room['conversation']['id']}/invites"
    invite = requests.post(made, json={}, headers=headers, timeout=PATIENCE_S).json()
    assert requests.delete(f"{made}/{invite['id']}", headers=headers, timeout=PATIENCE_S).status_code == 204
    ask = functools.partial(refused, session, server)
    return {
        "a revoked invite": lambda: ask(f"/api/v1/invites/{invite['code']}", None, 404),
        "one that never was": lambda: ask(f"/api/v1/invites/{next(unknown):032x}", None, 404),
        "one that is too short": lambda: ask("/api/v1/invites/a", None, 404),
    }


def tokens(server, session, person):
    gone = person.sign_in("jwt")
    spent = {"refresh_token": gone["refresh_token"]}
    requests.post(f"{server.url}/api/v1/sessions/refresh", json=spent, timeout=PATIENCE_S)
    ask = functools.partial(refused, session, server, "/api/v1/sessions/refresh")
    return {
        "a refresh token that was used": lambda: ask(spent, 401),
        "one that never was": lambda: ask({"refresh_token": f"parlor_{next(unknown):064x}"}, 401),
    }


def setting_up(server, session):
    ask = functools.partial(refused, session, server, "/api/v1/setup")
    body = {"username": "root", "password": "correct horse battery"}
    return {
        "a wrong code of the set-up": lambda: ask(body | {"code": f"{next(unknown):032x}"}, 403, 429),
        "a short one": lambda: ask(body | {"code": "a"}, 403, 429),
    }


def main():
    cases = Cases()
    run = functools.partial
    with Server(password_memory_kib="19456", password_passes="2") as server, requests.Session() as session:
        person = Person(server)
        kinds = {
            "signing in": signing_in(server, session, person, "/api/v1/sessions", [401]),
            "signing in by Chats": signing_in(server, session, person, "/auth/login", [401], "username"),
            "invites": invites(server, session, person),
            "refresh tokens": tokens(server, session, person),
            "setting up": setting_up(server, session),
        }
        named = [(f"{name} takes the same time whatever is wrong", run(take_the_same_time, name, them)) for name, them in kinds.items()]
        cases.run("timing", named, at_once=1)
    cases.end(f"{SAMPLES} samples of each; " + ". ".join(figures))


if __name__ == "__main__":
    main()
