#!/bin/sh
# Print the path of a Python >= 3.11 that can make virtual environments, or say what to install.
set -eu

found=
for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    path=$("$name" -c 'import sys; sys.version_info >= (3, 11) or sys.exit(1); print(sys.executable)' 2>/dev/null) || continue
    found=${found:-$path}
    if "$path" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$path"
        exit 0
    fi
done

if [ -n "$found" ]; then
    echo "setup: $found cannot make virtual environments. On Debian: apt-get install python3-venv" >&2
else
    echo "setup: Python 3.11 or newer is needed (or say which: make PYTHON=/path/to/python)." >&2
fi
exit 1
