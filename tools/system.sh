#!/bin/sh
# Installs what Python's packages cannot bring: a browser, Chinese fonts, the text engine of the PDF maker.
# Without root or apt it only says what is missing: the tests then name what they could not run.
set -eu
packages="chromium fonts-noto-cjk libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
# A database server and another maker of the archives, to compare with: only where every test is wanted.
[ "${STRICT:-0}" = 0 ] || [ "${STRICT:-}" = "" ] || packages="$packages postgresql belenios-tool"

missing=""
if command -v dpkg-query >/dev/null 2>&1; then
    for package in $packages; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
else
    command -v chromium >/dev/null 2>&1 || missing=" chromium"
fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "==> Installing with apt-get, for the browser and PDF tests:$missing"
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    # shellcheck disable=SC2086
    if { apt-get update -q && apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends $missing; } >"$log" 2>&1; then
        exit 0
    fi
    tail -n 5 "$log"
    echo "==> apt-get could not install them."
fi
echo "==> Missing on this machine:$missing. The tests that need them will be named as skipped."
