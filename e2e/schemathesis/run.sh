#!/usr/bin/env bash
# Sends made-up requests, good and bad, to every operation of the OpenAPI document of the program in PARLOR_BIN
# (target/debug/parlor if unset): as nobody, as a member and as an administrator.
#   run.sh [EXAMPLES of an operation, 10] [SEED, 1] [ACTOR…]
# The same numbers make the same requests. Installs schemathesis into .venv beside this file the first time and whenever its
# version changes.
set -euo pipefail
cd "$(dirname "$0")"
. ../venv.sh
made_venv

exec .venv/bin/python -B campaign.py "$@"
