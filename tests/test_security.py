"""Who may do what: every route, every kind of principal. A new route fails until it is listed here."""

import itertools
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute, WebSocketRoute
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from worlds import World, a_world

EVERYBODY = "nobody kiosk display counter officer supervisor manager admin foreign"
SIGNED_IN_STAFF = "counter officer supervisor manager admin"
LEADERS = "supervisor manager admin"

# Method, path, who may pass. Nobody else does: 401 without a token, 403 with one of the wrong kind,
# and for the leader of another mall 403 or 404. What a mall's people see of their own mall by an
# address that names no mall, a foreign leader sees of the foreign one: they are listed there.
TABLE = f"""
GET  /                                             {EVERYBODY}
GET  /-/patterns                                   {EVERYBODY}
GET  /health/live                                  {EVERYBODY}
GET  /health/ready                                 {EVERYBODY}
GET  /internal/metrics                             {LEADERS} foreign
GET  /sign-in                                      {EVERYBODY}
POST /sign-in                                      {EVERYBODY}
POST /sign-out                                     {EVERYBODY}
GET  /api/docs                                     {EVERYBODY}
GET  /api/docs/oauth2-redirect.html                {EVERYBODY}
GET  /api/docs/openapi.json                        {EVERYBODY}
GET  /api/docs/swagger                             {EVERYBODY}
GET  /api/docs/{{path:str}}                        {EVERYBODY}
GET  /api/v1/malls/{{mall_slug:str}}               {EVERYBODY}
GET  /api/v1/malls/{{mall_slug:str}}/board         {EVERYBODY}
GET  /api/v1/malls/{{mall_slug:str}}/metrics       {LEADERS}
GET  /api/v1/malls/{{mall_slug:str}}/metrics.csv   {LEADERS}
GET  /api/v1/malls/{{mall_slug:str}}/metrics/comparison {LEADERS}
GET  /api/v1/malls/{{mall_slug:str}}/metrics.parquet {LEADERS}
GET  /api/v1/malls/{{mall_slug:str}}/metrics/work   {LEADERS}
GET  /api/v1/malls/{{mall_slug:str}}/metrics.xlsx  {LEADERS}
POST /api/v1/malls/{{mall_slug:str}}/tickets       kiosk {LEADERS}
POST /api/v1/counters/{{counter_id:str}}/call-next {SIGNED_IN_STAFF}
POST /api/v1/counters/{{counter_id:str}}/open      {SIGNED_IN_STAFF}
POST /api/v1/counters/{{counter_id:str}}/pause     {SIGNED_IN_STAFF}
POST /api/v1/counters/{{counter_id:str}}/close     {SIGNED_IN_STAFF}
GET  /api/v1/tickets/{{ticket_id:str}}             kiosk {SIGNED_IN_STAFF}
GET  /api/v1/tickets/{{ticket_id:str}}/events      {SIGNED_IN_STAFF}
POST /api/v1/tickets/{{ticket_id:str}}/{{action:str}} {SIGNED_IN_STAFF}
GET  /api/v1/visits/{{token:str}}                  {EVERYBODY}
POST /api/v1/visits/{{token:str}}/cancel           {EVERYBODY}
POST /api/v1/visits/{{token:str}}/survey           {EVERYBODY}
GET  /desk                                         {SIGNED_IN_STAFF} foreign
GET  /desk/{{counter_id:str}}                      {SIGNED_IN_STAFF}
GET  /desk/{{counter_id:str}}/now                  {SIGNED_IN_STAFF}
GET  /desk/{{counter_id:str}}/ask/{{action:str}}   {SIGNED_IN_STAFF}
POST /desk/{{counter_id:str}}/act                  {SIGNED_IN_STAFF}
GET  /display                                      {EVERYBODY}
GET  /kiosk                                        kiosk
GET  /kiosk/agency/{{slug:str}}                    kiosk
GET  /kiosk/search                                 kiosk
GET  /kiosk/service/{{slug:str}}                   kiosk
POST /kiosk/service/{{slug:str}}                   kiosk
GET  /kiosk/slip/{{ticket_id:str}}                 kiosk
GET  /kiosk/ticket/{{ticket_id:str}}               kiosk
POST /kiosk/ticket/{{ticket_id:str}}/cancel        kiosk
POST /kiosk/ticket/{{ticket_id:str}}/priority      kiosk
GET  /overview                                     {LEADERS} foreign
GET  /overview/day                                 {LEADERS} foreign
GET  /overview/definitions                         {EVERYBODY}
GET  /overview/month.pdf                           {LEADERS} foreign
GET  /overview/now                                 {LEADERS} foreign
GET  /overview/period                              {LEADERS} foreign
GET  /overview/year                                {LEADERS} foreign
GET  /overview/year.csv                            {LEADERS} foreign
GET  /overview/year.pdf                            {LEADERS} foreign
GET  /overview/year.xlsx                           {LEADERS} foreign
POST /overview/year/publish                        manager admin foreign
POST /overview/year/editions/{{publication_id:str}}/withdraw manager admin
GET  /reports/{{mall_slug:str}}                    {EVERYBODY}
GET  /overview/ipp                                 {LEADERS} foreign
POST /overview/ipp                                 manager admin foreign
GET  /overview/ipp/ranking                         {LEADERS} foreign
GET  /overview/ipp/{{evaluation_id:str}}           {LEADERS}
GET  /overview/ipp/{{evaluation_id:str}}/indicator/{{number:str}} {LEADERS}
POST /overview/ipp/{{evaluation_id:str}}/indicator/{{number:str}} manager admin
POST /overview/ipp/{{evaluation_id:str}}/indicator/{{number:str}}/take manager admin
POST /overview/ipp/{{evaluation_id:str}}/indicator/{{number:str}}/files manager admin
GET  /overview/ipp/file/{{file_id:str}}            {LEADERS}
POST /overview/ipp/file/{{file_id:str}}/remove     manager admin
GET  /overview/ipp/{{evaluation_id:str}}/navigator {LEADERS}
GET  /overview/ipp/{{evaluation_id:str}}/recommendations {LEADERS}
POST /overview/ipp/{{evaluation_id:str}}/recommendations manager admin
POST /overview/ipp/recommendation/{{recommendation_id:str}} manager admin
GET  /overview/ipp/f03/{{evaluation_id:str}}       {LEADERS}
POST /overview/ipp/f03/{{evaluation_id:str}}       {LEADERS}
POST /overview/ipp/f03/{{evaluation_id:str}}/paste {LEADERS}
POST /overview/ipp/f03/{{evaluation_id:str}}/file  {LEADERS}
POST /overview/ipp/f03/import/{{import_id:str}}/withdraw {LEADERS}
POST /overview/ipp/f03/{{evaluation_id:str}}/clear manager admin
GET  /v/{{token:str}}                              {EVERYBODY}
GET  /v/{{token:str}}/now                          {EVERYBODY}
GET  /v/{{token:str}}/cancel                       {EVERYBODY}
POST /v/{{token:str}}/cancel                       {EVERYBODY}
GET  /overview/targets                             {LEADERS} foreign
POST /overview/targets                             {LEADERS} foreign
POST /overview/targets/plan                        {LEADERS} foreign
GET  /overview/skm                                 {LEADERS} foreign
GET  /overview/skm/book.xlsx                       {LEADERS} foreign
GET  /overview/skm/words                           {LEADERS} foreign
POST /overview/skm/words                           {LEADERS} foreign
POST /overview/skm/paper                           {LEADERS} foreign
GET  /overview/skm/paper/{{upload_id:str}}         {LEADERS}
POST /overview/skm/paper/{{upload_id:str}}         {LEADERS}
POST /overview/skm/paper/{{upload_id:str}}/drop    {LEADERS}
POST /overview/skm/imports/{{import_id:str}}/withdraw {LEADERS}
POST /overview/skm/reports                         {LEADERS} foreign
GET  /overview/skm/reports/{{report_id:str}}       {LEADERS}
GET  /overview/skm/reports/{{report_id:str}}/report.pdf {LEADERS}
POST /overview/skm/reports/{{report_id:str}}/media {LEADERS}
POST /overview/skm/reports/{{report_id:str}}/plan  {LEADERS} foreign
POST /overview/skm/plan/{{plan_id:str}}/done       {LEADERS}
GET  /skm                                          {EVERYBODY}
GET  /skm/{{mall_slug:str}}                        {EVERYBODY}
POST /survey                                       {EVERYBODY}
GET  /survey/tablet                                counter
POST /survey/tablet                                counter
GET  /survey/tablet/{{blind:str}}                  counter
POST /survey/tablet/{{blind:str}}                  counter
GET  /s/{{blind:str}}                              {EVERYBODY}
POST /s/{{blind:str}}                              {EVERYBODY}
WS   /live/counters/{{counter_id:str}}             {SIGNED_IN_STAFF}
WS   /live/malls/{{mall_slug:str}}/board           {EVERYBODY}
WS   /live/malls/{{mall_slug:str}}/overview        {LEADERS}
WS   /live/visits/{{token:str}}                    {EVERYBODY}
"""
MAY = {
    (method, path): frozenset(who)
    for method, path, *who in (line.split() for line in TABLE.strip().splitlines())
}
BODIES: dict[str, Any] = {
    "tickets": {"service": "ktp-el"},
    "pause": {"reason": "salat"},
    "survey": {"quick": 4},
}
"""What a route needs before it looks at who is asking in detail."""


def handlers(app: Litestar) -> Iterator[tuple[str, str, BaseRouteHandler]]:
    """Method (`WS` for a socket), path and handler of every route.

    Left out: OPTIONS, which Litestar answers by itself with the list of methods, and files.
    """
    for route in app.routes:
        if isinstance(route, WebSocketRoute):
            yield "WS", route.path, route.route_handler
        elif isinstance(route, HTTPRoute) and not route.path.startswith("/static/"):
            for handler in route.route_handlers:
                for method in handler.http_methods - {"OPTIONS"}:
                    yield str(method), route.path, handler


@pytest.fixture
async def http(server: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=server, headers={"Accept": "application/json"}, timeout=30
    ) as client:
        yield client


@pytest.fixture
async def world(app: Litestar, http: httpx.AsyncClient) -> World:
    return await a_world(app, http)


def test_every_route_is_listed_with_who_may_use_it(app: Litestar) -> None:
    assert {(method, path) for method, path, _ in handlers(app)} == MAY.keys()


def test_every_route_has_a_guard(app: Litestar) -> None:
    unguarded = [(method, path) for method, path, h in handlers(app) if not h.resolve_guards()]
    assert unguarded == []


def test_files_have_a_guard_too(app: Litestar) -> None:
    files = [
        handler
        for route in app.routes
        if isinstance(route, HTTPRoute) and route.path.startswith("/static/")
        for handler in route.route_handlers
    ]
    assert len(files) >= 3
    assert all(handler.resolve_guards() for handler in files)


@pytest.mark.parametrize("who", EVERYBODY.split())
async def test_each_passes_where_listed_and_nowhere_else(
    world: World, http: httpx.AsyncClient, server: str, who: str
) -> None:
    answers = {
        route: await ask(world, http, server, *route, who) for route in MAY if route[1] != NO_SUCH
    }
    refusals = {401} if who == "nobody" else {403, 404} if who == "foreign" else {403}
    wrong = [
        (route, status)
        for route, status in answers.items()
        if (status in REFUSED | refusals) == (who in MAY[route])
        or (status in REFUSED and status not in refusals and route[0] != "WS")
        or status >= 500
    ]
    assert wrong == []


async def test_programs_are_told_how_many_wait_in_their_own_mall_only(
    world: World, http: httpx.AsyncClient
) -> None:
    own, foreign = [
        (await http.get("/internal/metrics", headers=world.headers(who))).text
        for who in ("admin", "foreign")
    ]
    malls = [set(re.findall(r'mpp_waiting{mall="(.*?)"}', said)) for said in (own, foreign)]
    assert [len(each) for each in malls] == [1, 1]
    assert malls[0] != malls[1]
    assert 'mpp_screens{process="0"} ' in own
    assert re.search(r'^mpp_clock_behind_seconds{mall=".+",process="0"} 0.0$', own, re.MULTILINE)


REFUSED = {401, 403}
NO_SUCH = "/api/docs/{path:str}"
"""404 for everybody: there is no such document."""


async def ask(
    world: World, http: httpx.AsyncClient, server: str, method: str, path: str, who: str
) -> int:
    """The status of the answer; for a socket 101 when it opened."""
    address, headers = world.path(path), world.headers(who)
    if method != "WS":
        body = BODIES.get(path.rpartition("/")[2])
        return (await http.request(method, address, headers=headers, json=body)).status_code
    try:
        async with connect(
            server.replace("http", "ws", 1) + address, additional_headers=headers, proxy=None
        ) as socket:
            await socket.recv()
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


# -- tokens --------------------------------------------------------------------------------------


BAD_TOKENS = ["", "mpp_kiosk_x", "x" * 5000, "ünï", "a b", "Bearer", "\t", "0", "' OR 1=1 --"]


async def test_a_token_that_is_none_is_refused_even_where_none_is_needed(
    world: World, http: httpx.AsyncClient
) -> None:
    paths = ("/api/v1/malls/mpp-uji/board", f"/api/v1/tickets/{world.ticket_id}")
    for scheme, token, path in itertools.product(("Bearer", "Basic", "bearer"), BAD_TOKENS, paths):
        header = f"{scheme} {token}".strip().encode()
        answer = await http.get(path, headers=[(b"Authorization", header)])
        assert answer.status_code == 401, (header, path)
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.headers["Content-Type"].startswith("application/problem+json")
