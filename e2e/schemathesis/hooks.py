"""What schemathesis has to know of Parlor: who visits, which numbers mean something, what follows from what, and which
fields have rules that a schema cannot say."""

import itertools
import os

import schemathesis
from schemathesis.generation import GenerationMode

from people import PASSWORD, token_for

URL = os.environ["PARLOR_URL"]
ACTOR = os.environ["PARLOR_ACTOR"]

# Numbers below this one, which is most that is made up, become ids of things that are there.
SMALL = 1 << 32
THERE = 12

# Of each answer: where it holds something that other operations take, and by which name they take it.
LEADS_ON = {
    ("createConversation", "201"): {
        "id": "$response.body#/conversation/id",
        "to": [
            "getConversation", "updateConversation", "getChanges", "listMembers", "leaveConversation", "createInvite",
            "listInvites", "sendMessage", "listMessages", "markRead", "updatePreferences",
        ],
    },
    ("sendMessage", "201"): {
        "id": "$response.body#/id",
        "to": ["getMessage", "editMessage", "deleteMessage", "listEdits", "addReaction", "removeReaction"],
    },
    ("createInvite", "201"): {"code": "$response.body#/code", "to": ["getInviteCard", "joinByInvite"]},
    ("signUp", "201"): {
        "id": "$response.body#/account/id",
        "to": ["getAccount", "updateAccount", "endAccountSessions"],
    },
    ("listSessions", "200"): {"id": "$response.body#/sessions/0/id", "to": ["revokeSession"]},
    ("listInvites", "200"): {
        "id": "$request.path.id",
        "invite_id": "$response.body#/invites/0/id",
        "to": ["revokeInvite"],
    },
    ("listMembers", "200"): {
        "id": "$request.path.id",
        "account_id": "$response.body#/members/0/account/id",
        "to": ["updateMember", "removeMember", "banMember", "unbanMember", "approveMember", "denyMember"],
    },
}

# Fields that may be refused although their value fits the schema, and why no schema can say it.
RULES = {
    "username": "scripts, look-alikes, reserved words",
    "password": "common passwords, bytes beside characters",
    "new_password": "the same",
    "current_password": "needed for some changes only",
    "email": "the shape of an address",
    "display_name": "characters that nobody sees, and a length that is a setting",
    "name": "the same",
    "description": "the same",
    "body": "the same",
    "emoji": "which signs are emoji",
    "account_id": "needed for a direct chat, not one's own",
    "kind": "which kinds can be made",
    "before": "cursors are given by pages; not together with `after`",
    "role": "which roles can be given to whom",
    "reply_to": "a message of the same conversation",
    "unread_from": "a message that is there",
    "muted_until": "a moment that can be written",
    "state": "lists that only some may see",
    "query": "something to look for",
    "seq": "a message that is there",
}


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Tells what follows from what."""
    for item in raw_schema["paths"].values():
        for operation in item.values():
            for (name, status), leads in LEADS_ON.items():
                if isinstance(operation, dict) and operation.get("operationId") == name:
                    parameters = {key: value for key, value in leads.items() if key != "to"}
                    operation["responses"][status]["links"] = {
                        to: {"operationId": to, "parameters": parameters} for to in leads["to"]
                    }


@schemathesis.check
def a_refusal_of_valid_data_names_a_field_with_a_rule_of_its_own(ctx, response, case):
    meta = case.meta
    if response.status_code == 422 and meta and meta.generation.mode == GenerationMode.POSITIVE:
        field, detail = response.json().get("field"), response.json().get("detail", "")
        # To a schema 7.0 is an integer. To Parlor it is a number with a fraction, which no client of it ever writes.
        if "floating point" in detail:
            return
        assert field in RULES, f"the schema allows what is refused for {field!r}: {response.text}"


# Operations that may end the session or the account that they are called with do not spoil what follows: every request
# comes with a session that works, and with a new account where the last one is shut out.
account = itertools.count(1)
current = next(account)


if ACTOR != "anonymous":

    @schemathesis.auth(refresh_interval=None)
    class Session:
        """A new session for each request."""

        def get(self, case, context):
            global current
            token = token_for(URL, ACTOR, current)
            while token is None:
                current = next(account)
                token = token_for(URL, ACTOR, current)
            return token

        def set(self, case, data, context):
            case.headers = case.headers or {}
            case.headers["Authorization"] = f"Bearer {data}"


# Texts that no schema can lead to: every other made-up one becomes one of these.
SENSIBLE = {
    "username": ["ada", "grace", "王芳", "person1"],
    "login": ["person1", "keeper", "nobody"],
    "password": [PASSWORD, "another good phrase"],
    "current_password": [PASSWORD],
    "new_password": [PASSWORD, "another good phrase"],
    "email": ["ada@example.org", "grace@example.org"],
    "display_name": ["Ada Lovelace", "王芳"],
    "name": ["Kitchen garden", "Küche 2"],
    "description": ["What grows where"],
    "body": ["Hello @person1", "**Beans**, then. https://example.org", "👍"],
    "emoji": ["👍", "❤️", "🇳🇵"],
    "query": ["person", "ada"],
}


def sensible(name, value):
    """Half of the texts as they were made up, half of them such as people write."""
    if isinstance(value, str) and name in SENSIBLE and len(value) % 2 == 0:
        return SENSIBLE[name][len(value) // 2 % len(SENSIBLE[name])]
    return value


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Leads most numbers to something that is there."""
    for name, value in (path_parameters or {}).items():
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < SMALL:
            path_parameters[name] = 1 + value % THERE
        path_parameters[name] = sensible(name, path_parameters[name])
    return path_parameters


@schemathesis.hook
def map_query(context, query):
    return {name: sensible(name, value) for name, value in query.items()} if query else query


@schemathesis.hook
def map_body(context, body):
    return {name: sensible(name, value) for name, value in body.items()} if isinstance(body, dict) else body
