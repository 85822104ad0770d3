#!/bin/sh
# Writes requirements/*.txt from requirements/*.in: one lock for every supported Python and platform, with hashes, naming no host.
# An outside mirror's or local folder's files would give other hashes, so only the public index is asked.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "==> Installing uv, used for locking only"
.venv/bin/python -m venv "$work/uv"
"$work/uv/bin/pip" install --quiet --disable-pip-version-check uv

cd requirements
lock() {
    echo "==> Locking $1.in"
    "$work/uv/bin/uv" pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links --upgrade "$1.in" -o "$1.txt" ${2:+-c "$2"}
}
lock runtime
lock dev runtime.txt
