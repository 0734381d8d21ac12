# For scripts to source: `made_venv` makes .venv in the folder they are in, with what its requirements.txt names, the first time
# and whenever that changes.
made_venv() {
    if ! cmp -s requirements.txt .venv/installed.txt; then
        rm -rf .venv
        python3 -m venv .venv
        .venv/bin/pip install --quiet --disable-pip-version-check --no-deps -r requirements.txt
        cp requirements.txt .venv/installed.txt
    fi
}
