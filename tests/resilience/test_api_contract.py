"""The OpenAPI document is kept: schemathesis walks all of it as everybody, and finds nothing.

Nothing here is asked twice the same way: schemathesis makes requests that fit the document and
requests that do not, and checks every answer's status, content type, headers and body against it.
"""

import asyncio
import os
import sys
from pathlib import Path

import httpx
import pytest
from litestar import Litestar
from worlds import a_world

KEPT = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "missing_required_header",
    "ignored_auth",
    "unsupported_method",
    "allow_header_conformance",
]
STATE = ["2xx", "401", "403", "404", "409", "429"]
"""Answers to what fits the document: done, or refused for who asks, for what is there, for its state."""
REFUSED_ALL_THE_SAME = f"""
[checks.positive_data_acceptance]
expected-statuses = {STATE}
""" + "".join(
    f"""
[[operations]]
include-operation-id = "{operation}"
checks.positive_data_acceptance.expected-statuses = {[*STATE, "422"]}
"""
    for operation in (
        "issueTicket",  # no such service in this mall, a key that was used for another wish
        "openCounter",  # a service that this counter has not
        "actOnTicket",  # a field that another action takes, but not this one
        "getMetrics", "getMetricsCsv", "getMetricsXlsx", "getMetricsParquet", "getWork", "getComparison",
    )  # days in the wrong order, too many, or beyond what can be
)  # fmt: skip
EXAMPLES = os.environ.get("MPP_FUZZ_EXAMPLES", "5")
"""An operation, beside those of schemathesis' own list of edge cases; `make fuzz` asks for more."""


@pytest.mark.parametrize(
    ("database_url", "who", "among"),
    [
        ("sqlite", "nobody", "things that are not there"),
        ("sqlite", "kiosk", "real things"),
        ("sqlite", "counter", "real things"),
        ("sqlite", "manager", "real things"),
        pytest.param("postgresql", "manager", "real things", marks=pytest.mark.postgres),
    ],
    indirect=["database_url"],
)
async def test_the_document_is_kept(
    who: str, among: str, server: str, http: httpx.AsyncClient, app: Litestar, tmp_path: Path
) -> None:
    world = await a_world(app, http)
    headers = [f"--header={name}:{value}" for name, value in world.headers(who).items()]
    config = REFUSED_ALL_THE_SAME
    if among == "real things":
        config = (
            "[parameters]\n"
            f'"path.mall_slug" = "{world.mall.slug}"\n'
            f'"path.counter_id" = "{world.counter_id}"\n'
            f'"path.ticket_id" = "{world.ticket_id}"\n'
            f'"path.token" = "{world.visit_token}"\n'
        ) + config
    (tmp_path / "schemathesis.toml").write_text(config)
    run = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("schemathesis"), "run", f"{server}/api/docs/openapi.json",
        *headers, "--checks", ",".join(KEPT), "--phases", "examples,coverage,fuzzing",
        "--max-examples", EXAMPLES, "--seed", "1", "--generation-database", "none", "--no-color",
        "--continue-on-failure",
        cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await run.communicate()
    assert run.returncode == 0, said.decode()
