"""The catalogue of a mall, for programs that ask for it again and again."""

from factories import TestClock, a_desk
from litestar import Litestar
from litestar.testing import AsyncTestClient
from screens import a_hall


async def test_who_has_the_catalogue_already_is_spared_it_until_it_changes(
    client: AsyncTestClient[Litestar], clock: TestClock
) -> None:
    mall = await a_hall(client.app)
    path = f"/api/v1/malls/{mall.slug}"
    first = await client.get(path)
    tag = first.headers["etag"]
    again = await client.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    await a_desk(client.app.state.db, mall, "1", clock)  # a counter opens
    changed = await client.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    assert [each["state"] for each in changed.json()["counters"]].count("open") == 1
