"""Starts a server with some people and things in it for each kind of visitor, lets schemathesis loose on it, and closes with
one line of figures."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "python"))

from parlor import Server  # noqa: E402
from people import World  # noqa: E402

ACTORS = ["anonymous", "member", "administrator"]

# Nothing may be hidden behind a rate: what is refused for its rate was not looked at. Sign-ins wait for each other
# instead of being refused, and nobody's number of rooms, invites or sessions runs out.
LIFTED = {
    "requests_per_address": "1000000/s+1000000",
    "sign_ins_per_account": "1000000/s+1000000",
    "sign_ins_per_address": "1000000/s+1000000",
    "sign_ups_per_address": "1000000/s+1000000",
    "lookups_per_account": "1000000/s+1000000",
    "sends_per_account": "1000000/s+1000000",
    "rooms_per_account": "1000000/s+1000000",
    "invite_codes_per_address": "1000000/s+1000000",
    "memberships_per_account_max": "1000000",
    "invites_per_room_max": "1000000",
    "pending_per_room_max": "1000000",
    "emoji_per_message_max": "1000000",
    "edits_per_message_max": "1000000",
    "log": "warn",
}


def visit(actor, examples, seed):
    """One kind of visitor on a server of its own. The exit code and the figures."""
    with Server(**LIFTED) as server, tempfile.TemporaryDirectory() as folder:
        World(server.url, server.printed()).furnish()
        report = pathlib.Path(folder) / "report.json"
        environment = os.environ | {
            "PARLOR_URL": server.url,
            "PARLOR_ACTOR": actor,
            "PYTHONPATH": str(HERE),
            "PYTHONDONTWRITEBYTECODE": "1",
            "SCHEMATHESIS_HOOKS": "hooks",
        }
        command = [
            pathlib.Path(sys.executable).parent / "schemathesis",
            *("--config-file", HERE / "schemathesis.toml"),
            *("run", f"{server.url}/api/openapi.json"),
            *("--max-examples", str(examples), "--seed", str(seed)),
            *("--report", "json", "--report-json-path", report),
        ]
        ended = subprocess.run(command, cwd=folder, env=environment, check=False)
        figures = json.loads(report.read_text()) if report.exists() else {}
        printed = server.printed()
        if server.process.poll() is not None or "panicked" in printed:
            print(printed)
            return 1, figures
        return ended.returncode, figures


def main():
    numbers = [word for word in sys.argv[1:] if re.fullmatch(r"\d+", word)]
    actors = [word for word in sys.argv[1:] if word in ACTORS] or ACTORS
    examples, seed = [int(number) for number in numbers + ["10", "1"][len(numbers) :]]
    failed, lines = False, []
    for actor in actors:
        began = time.monotonic()
        code, figures = visit(actor, examples, seed)
        failed = failed or code != 0
        lines.append((actor, code, figures, time.monotonic() - began))
    for actor, code, figures, seconds in lines:
        cases, operations = figures.get("test_cases", {}), figures.get("operations", {})
        print(
            f"schemathesis as {actor}: exit {code}, seed {seed}, {operations.get('tested')} of {operations.get('total')} "
            f"operations, {cases.get('generated')} requests made up, {cases.get('unique_failures')} failures, {seconds:.0f} s"
        )
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
