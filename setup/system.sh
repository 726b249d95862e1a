#!/bin/sh
# Install what the tests drive besides Python: Chromium, and PostgreSQL where no server answers.
# On Debian and its relatives, as root or with a sudo that asks for no password; elsewhere it says
# in one line what is missing and goes on: the tests that need it then fail and say so.
set -eu

missing=
if ! command -v chromium >/dev/null; then
    missing=chromium
fi
if [ -z "${MPP_TEST_POSTGRES:-}" ] \
    && [ ! -S /var/run/postgresql/.s.PGSQL.5432 ] \
    && ! "${1:-python3}" -c 'import socket; socket.create_connection(("127.0.0.1", 5432), 1)' 2>/dev/null \
    && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
    && ! command -v initdb >/dev/null; then
    missing="$missing postgresql"
fi
missing=${missing# }
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    as_root=none
fi
if [ "$as_root" = none ] || ! command -v apt-get >/dev/null; then
    echo "setup: please install: $missing (on Debian, as root: apt-get install $missing)" >&2
    exit 0
fi

echo "setup: installing $missing"
$as_root apt-get update
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
