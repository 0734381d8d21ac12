"""Tokens that are not what they seem.

The key of the installation is read from its database, so that a claim or a header that is wrong is refused for that and not
because its signature is."""

import base64
import hashlib
import hmac
import json
import time

import requests

from attack import PATIENCE_S, Person, stored

NEVER = object()
OUR_HEADER = {"typ": "JWT", "alg": "HS256"}
DAY_S = 24 * 3600


def encoded(data):
    if not isinstance(data, (str, bytes)):
        data = json.dumps(data, separators=(",", ":"))
    return base64.urlsafe_b64encode(data if isinstance(data, bytes) else data.encode()).rstrip(b"=").decode()


class Forger:
    """Somebody's own good token, the key that signed it, and what else is needed to make others."""

    def __init__(self, server):
        self.server = server
        self.person, self.other = Person(server), Person(server)
        signed_in = self.person.sign_in("jwt")
        self.good, self.refresh = signed_in["token"], signed_in["refresh_token"]
        self.header, self.payload, self.signature = self.good.split(".")
        self.claims = json.loads(base64.urlsafe_b64decode(self.payload + "=="))
        self.key = stored(server, "select value from meta where key = 'token_key'")[0][0].encode()
        self.revoked = self.person.sign_in("jwt")["token"]
        ended = requests.delete(
            f"{server.url}/api/v1/sessions/current", headers={"Authorization": f"Bearer {self.revoked}"}, timeout=PATIENCE_S
        )
        assert ended.status_code == 204, ended.text
        others = self.other.sign_in("jwt")["token"]
        self.others_claims = json.loads(base64.urlsafe_b64decode(others.split(".")[1] + "=="))

    def sign(self, payload, header=None, key=None, digest=hashlib.sha256):
        words = f"{encoded(header) if header else self.header}.{encoded(payload)}"
        return f"{words}.{encoded(hmac.digest(self.key if key is None else key, words.encode(), digest))}"

    def claiming(self, **claims):
        changed = {name: value for name, value in (self.claims | claims).items() if value is not NEVER}
        return self.sign(changed)

    def tokens(self):
        """The name of each, the token and the code with which it is refused."""
        for name, token in {**self.unsigned(), **self.wrongly_signed(), **self.misspelt(), **self.wrong_headers()}.items():
            yield name, token, "unauthenticated"
        for name, token in self.wrong_claims().items():
            yield name, token, "unauthenticated"
        for name, exp in {"expired a minute ago": int(time.time()) - 60, "expired in 1970": 0}.items():
            yield name, self.claiming(exp=exp), "token_expired"
        yield "older than it may get by the seconds that passed", self.claiming(up=self.claims["up"] - DAY_S), "token_expired"

    def unsigned(self):
        spellings = ["none", "None", "NONE", "nOnE", "none ", "", "HS0", None]
        tokens = {f"alg {alg!r} without a signature": f"{encoded(OUR_HEADER | {'alg': alg})}.{self.payload}." for alg in spellings}
        tokens["alg none with the good signature"] = f"{encoded(OUR_HEADER | {'alg': 'none'})}.{self.payload}.{self.signature}"
        tokens["no alg"] = f"{encoded({'typ': 'JWT'})}.{self.payload}.{self.signature}"
        tokens["no signature"] = f"{self.header}.{self.payload}."
        tokens["two parts"] = f"{self.header}.{self.payload}"
        return tokens

    def wrongly_signed(self):
        sizes = {"HS384": hashlib.sha384, "HS512": hashlib.sha512}
        tokens = {f"{alg} with the good key": self.sign(self.claims, OUR_HEADER | {"alg": alg}, digest=d) for alg, d in sizes.items()}
        for alg in ("RS256", "ES256", "PS256", "EdDSA", "hs256"):
            tokens[f"HS256 that calls itself {alg}"] = self.sign(self.claims, OUR_HEADER | {"alg": alg})
        for name, key in {"an empty key": b"", "a known key": b"secret", "the epoch as the key": self.claims["iss"].encode()}.items():
            tokens[f"signed with {name}"] = self.sign(self.claims, key=key)
        tokens["the key as bytes and not as it is written"] = self.sign(self.claims, key=bytes.fromhex(self.key.decode()))
        other = self.claiming(sub=str(self.other.id))
        tokens["the signature of another payload"] = f"{self.header}.{other.split('.')[1]}.{self.signature}"
        tokens["half a signature"] = self.good[:-22]
        tokens["a signature without its last letter"] = self.good[:-1]
        tokens["a signature that is longer"] = self.good + "AAAA"
        tokens["a signature of zeros"] = f"{self.header}.{self.payload}.{'A' * 43}"
        tokens["of a session that ended"] = self.revoked
        tokens["a refresh token"] = self.refresh
        return tokens

    def misspelt(self):
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        last = letters[letters.index(self.good[-1]) ^ 1]
        return {
            "a signature with bits after its end": self.good[:-1] + last,
            "a signature with padding": self.good + "=",
            "a payload with padding": f"{self.header}.{self.payload}==.{self.signature}",
            "a space inside": f"{self.header}.{self.payload} .{self.signature}",
            "two dots": f"{self.header}..{self.payload}.{self.signature}",
            "two dots and no payload": f"{self.header}..{self.signature}",
            "four parts": f"{self.good}.{self.signature}",
            "five parts": f"{self.header}.a.b.{self.payload}.{self.signature}",
            "only dots": "..",
            "a dot before it": "." + self.good,
            "letters": "a.b.c",
            "a payload of a megabyte cut to fit": f"{self.header}.{'A' * 8000}.{self.signature}",
            "a session token that nobody has": "parlor_" + "0" * 64,
            "a session token in capitals": self.person.token.upper(),
            "a session token cut short": self.person.token[:-1],
            "a session token and more": self.person.token + "0",
            "the account's number": str(self.person.id),
            "the name": self.person.name,
        }

    def wrong_headers(self):
        jwk = {"kty": "oct", "k": encoded(b"mine"), "alg": "HS256"}
        by_attacker = {
            "its key in jwk": {"jwk": jwk},
            "its key at jku": {"jku": "http://127.0.0.1:9/keys"},
            "its key at x5u": {"x5u": "http://127.0.0.1:9/cert"},
            "a kid of an empty file": {"kid": "/dev/null"},
            "a kid of a file above": {"kid": "../../parlor.db"},
            "a kid of SQL": {"kid": "x' union select 'mine' --"},
            "a kid that is a list": {"kid": ["a"]},
        }
        tokens = {name: self.sign(self.claims, OUR_HEADER | more, key=b"mine") for name, more in by_attacker.items()}
        # What this server does not write, it does not read, however well it is signed.
        by_us = {
            "a critical extension": OUR_HEADER | {"crit": ["b64"], "b64": False},
            "a kid, well signed": OUR_HEADER | {"kid": "1"},
            "a jku, well signed": OUR_HEADER | {"jku": "http://127.0.0.1:9/keys"},
            "no typ": {"alg": "HS256"},
            "the typ of another kind": OUR_HEADER | {"typ": "at+jwt"},
            "a typ that is no text": OUR_HEADER | {"typ": 1},
            "a header that is a list": ["HS256"],
            "alg twice": '{"typ":"JWT","alg":"none","alg":"HS256"}',
        }
        return tokens | {name: self.sign(self.claims, header) for name, header in by_us.items()}

    def wrong_claims(self):
        now = int(time.time())
        wrong = {
            "exp": [NEVER, None, "soon", str(now + 600), now + 600.5, [now + 600], {"at": now}, True, -1, 2**63, 1e30],
            "nbf": [NEVER, None, str(now), now + 0.5, [now], now + 600, 2**62],
            "iat": [NEVER, None, str(now), now + 0.5, [now], now + DAY_S, 2**62],
            "aud": [NEVER, None, "", "other", "Parlor", ["other"], ["parlor"], 7],
            "iss": [NEVER, None, "", "parlor:", "parlor:" + "0" * 32, [self.claims["iss"]], 7],
            "sub": [NEVER, None, "", "0", "-1", "abc", str(self.other.id), self.person.id, [str(self.person.id)], "9" * 30],
            "sid": [NEVER, None, "1", 0, -1, 2**62, 1.5, self.others_claims["sid"]],
            "ver": [NEVER, None, "1", self.claims["ver"] + 1, -1, 1.5],
            "run": [NEVER, None, "1", -1, 2**32, 1.5],
            "up": [NEVER, None, "1", 2**63, 1.5],
        }
        tokens = {}
        for claim, values in wrong.items():
            for value in values:
                shown = "missing" if value is NEVER else json.dumps(value)[:24]
                tokens[f"{claim} {shown}"] = self.claiming(**{claim: value})
        whole = json.dumps(self.claims)
        tokens["the subject twice"] = self.sign(whole[:-1] + f', "sub": "{self.other.id}"}}')
        tokens["the end twice"] = self.sign(whole[:-1] + ', "exp": 9999999999}')
        for name, payload in {"a list": "[]", "nothing": "null", "no JSON": "{", "no bytes": "", "no UTF-8": b"\xff"}.items():
            tokens[f"a payload that is {name}"] = self.sign(payload)
        tokens["a payload of seven thousand letters"] = self.sign(self.claims | {"x": "y" * 7000})
        return tokens
