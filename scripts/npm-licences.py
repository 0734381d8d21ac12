#!/usr/bin/env python3
"""Refuses packages of the web client (those that are not for its build alone) without a permissive licence, without a hash,
or from anywhere but the registry."""

import json
import re
import sys

# OFL-1.1 is for the font.
PERMISSIVE = {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "OFL-1.1", "Unlicense"}

packages = json.load(open(sys.argv[1], encoding="utf-8"))["packages"]
wrong = []
client = 0
for path, package in packages.items():
    if not path:
        continue
    if not package.get("integrity", "").startswith("sha512-"):
        wrong.append(f"{path} has no hash")
    # Without an address it comes from the registry that is set; with one, it may be no other.
    if not re.match(r"$|https://registry\.npmjs\.org/", package.get("resolved", "")):
        wrong.append(f"{path} comes from {package.get('resolved')}")
    if package.get("dev"):
        continue
    client += 1
    if package.get("license") not in PERMISSIVE:
        wrong.append(f"{path} has the licence {package.get('license')}")
if wrong:
    sys.exit("\n".join(wrong))
print(f"web client: {client} packages of {len(packages) - 1}, licences and sources in order")
