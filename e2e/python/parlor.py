"""The real program with a new, empty data folder, and the way in which the scripts beside this file tell their stories."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

START_PATIENCE_S = 20
STOP_PATIENCE_S = 20

# Where a plain `cargo build` puts it.
USUAL_PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "target" / "debug" / "parlor"

# The stories all come from one address and never pause, which is what the limits are there to stop; and cheap passwords
# keep a build without optimizations fast.
SETTINGS = {
    "listen": "127.0.0.1:0",
    "requests-per-address": "1000/s+1000",
    "connections-per-address-max": "1000",
    "sign-ins-per-account": "1000/s+1000",
    "sign-ins-per-address": "1000/s+1000",
    "sign-ups-per-address": "1000/s+1000",
    "lookups-per-account": "1000/s+1000",
    "sends-per-account": "1000/s+1000",
    "rooms-per-account": "1000/s+1000",
    "invite-codes-per-address": "1000/s+1000",
    "frames-per-connection": "1000/s+1000",
    "password-memory-kib": "64",
    "password-passes": "1",
}


class Server:
    """A server that runs while the `with` block does. `url` is `http://127.0.0.1:PORT`, `ws` the same for WebSockets."""

    def __init__(self, **settings):
        self.settings = SETTINGS | {name.replace("_", "-"): value for name, value in settings.items()}

    def __enter__(self):
        program = pathlib.Path(os.environ.get("PARLOR_BIN", USUAL_PROGRAM))
        if not program.exists():
            raise SystemExit(f"There is no program at {program}. Build it, or name it in PARLOR_BIN.")
        self.folder = tempfile.mkdtemp(prefix="parlor-e2e-")
        self.log = open(os.path.join(self.folder, "log"), "w+")
        flags = {"data": os.path.join(self.folder, "data"), **self.settings}
        arguments = [word for name, value in flags.items() for word in (f"--{name}", value)]
        self.process = subprocess.Popen(
            [program, *arguments], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log
        )
        try:
            self.url = self._wait_until_it_listens()
        except BaseException:
            self.__exit__()
            raise
        self.ws = self.url.replace("http", "ws", 1)
        return self

    def _wait_until_it_listens(self):
        deadline = time.monotonic() + START_PATIENCE_S
        while self.process.poll() is None and time.monotonic() < deadline:
            listens = re.search(r"listens on (http\S+)\n", self.printed())
            if listens:
                return listens[1]
            time.sleep(0.02)
        raise SystemExit(f"the server did not start:\n{self.printed()}")

    def printed(self):
        """Everything that the program has said."""
        return pathlib.Path(self.log.name).read_text()

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(STOP_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def tell(stories, server):
    """Tells every story, a function that takes the server, and ends the script: with 1 when one went wrong."""
    failed = 0
    for story in stories:
        name = story.__name__.replace("_", " ")
        try:
            story(server)
        except Exception:
            failed += 1
            print(f"not ok: {name}")
            traceback.print_exc()
        else:
            print(f"ok: {name}")
    if failed:
        print(server.printed())
    sys.exit(1 if failed else 0)
