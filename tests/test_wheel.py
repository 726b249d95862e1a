"""The wheel carries all that it needs and runs away from the repository."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from this repository and installed, alone, into an empty folder."""
    out = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(out),
        str(ROOT),
    ]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    place = out / "site"
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--no-index",
        "--target",
        str(place),
    ]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    return place


def test_the_wheel_serves_the_demo_mall_elsewhere(unpacked: Path, tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(unpacked)}
    where = [sys.executable, "-c", "import mpp; print(mpp.__file__)"]
    found = subprocess.run(where, env=env, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert found.stdout.startswith(str(unpacked))
    tokens = tmp_path / "tokens.json"
    command = [
        *(sys.executable, "-m", "mpp", "demo", "--no-visitors", "--port", "0"),
        *("--data", str(tmp_path / "data"), "--tokens", str(tokens)),
    ]
    with subprocess.Popen(command, env=env, cwd=tmp_path, stdout=subprocess.DEVNULL) as demo:
        try:
            demo_answers(demo, tokens)
            walk(json.loads(tokens.read_text()))
        finally:
            demo.send_signal(signal.SIGINT)
        assert demo.wait(15) == 0


def test_the_wheel_carries_every_catalogue(unpacked: Path) -> None:
    def catalogues(folder: Path) -> set[str]:
        return {str(path.relative_to(folder)) for path in (folder / "mpp").rglob("*.po")}

    assert len(catalogues(ROOT)) > 5
    assert catalogues(unpacked) == catalogues(ROOT)


def demo_answers(demo: "subprocess.Popen[bytes]", tokens: Path) -> None:
    """Wait for the tokens' file, which is written once the server answers."""
    until = time.monotonic() + PATIENCE_S
    while not tokens.exists():
        assert demo.poll() is None, "the demo has ended by itself"
        assert time.monotonic() < until, "the demo does not answer"
        time.sleep(0.05)


def walk(given: dict[str, list[dict[str, str]]]) -> None:
    """A page with a template, a style, a fetched script, a translation; a number by the API."""
    with httpx.Client(base_url=str(given["base"]), follow_redirects=True) as client:
        assert "mpp" in client.get("/").text
        assert (
            client.get("/", params={"lang": "en"}).text
            != client.get("/", params={"lang": "id"}).text
        )
        for asset in (
            "css/base.css",
            "vendor/swagger-ui-bundle.js",
            "vendor/fonts.css",
            "img/icons.svg",
        ):
            assert client.get(f"/static/{asset}").status_code == httpx.codes.OK
        taken = client.post(
            f"/api/v1/malls/{given['mall']}/tickets",
            headers={
                "Authorization": f"Bearer {given['kiosks'][0]['token']}",
                "Idempotency-Key": "wheel",
            },
            json={"service": given["counters"][0]["services"][0]},
        )
        assert taken.status_code == httpx.codes.CREATED
        phone = client.get(taken.json()["visit_url"])
        assert taken.json()["label"] in phone.text
