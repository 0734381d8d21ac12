#!/usr/bin/env bash
# Tells the stories of test_*.py, or those named, with Python clients against the program in PARLOR_BIN (target/debug/parlor
# if unset). Installs the clients into .venv beside this file the first time and whenever their versions change.
set -euo pipefail
cd "$(dirname "$0")"
. ../venv.sh
made_venv

stories=("$@")
[ ${#stories[@]} -gt 0 ] || stories=(test_*.py)
for story in "${stories[@]}"; do
    .venv/bin/python -B "$story"
done
