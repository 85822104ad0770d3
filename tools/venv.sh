#!/bin/sh
# Makes .venv and installs one lock file into it: tools/venv.sh requirements/runtime.txt
# PYTHON=/path/to/python chooses the interpreter.
set -eu
lock=$1
venv=.venv

usable() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11) or sys.implementation.name != "cpython")' 2>/dev/null
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        if usable "$PYTHON"; then echo "$PYTHON"; fi
        return
    fi
    for candidate in python3 python3.13 python3.12 python3.11 python3.14; do
        if usable "$candidate"; then
            echo "$candidate"
            return
        fi
    done
}

install_system_python() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    echo "==> Installing with apt-get: $*"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -q && apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends "$@"; } >/dev/null 2>&1
}

if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    if [ -z "$python" ]; then
        install_system_python python3 python3-venv || true
        python=$(find_python)
    fi
    if [ -z "$python" ]; then
        echo "Python 3.11 or newer is needed and was not found. Install it (on Debian or Ubuntu: apt install python3 python3-venv)," >&2
        echo "or name one: make PYTHON=/path/to/python3.11 ..." >&2
        exit 1
    fi
    version=$("$python" -c 'import sys; print(".".join(map(str, sys.version_info[:2])))')
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        if ! install_system_python "python$version-venv"; then
            echo "$python ($version) cannot make virtual environments: its venv module is missing." >&2
            echo "Install it (on Debian or Ubuntu: apt install python$version-venv) and run the same command again." >&2
            exit 1
        fi
    fi
    echo "==> Making the virtual environment $venv with $python ($version)"
    "$python" -m venv --clear "$venv"
fi

echo "==> Installing the packages of $lock (each is checked against its SHA-256; the first time takes a minute or two)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --only-binary :all: -r "$lock"
