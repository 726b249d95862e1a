"""Officers and visitors at browsers without scripts: links, forms, what a page says."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from factories import a_mall, a_person
from httpx import Response
from litestar import Litestar
from litestar.testing import AsyncTestClient

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.security import COOKIE, Role

BROWSER = {"accept": "text/html,application/xhtml+xml"}
PASSWORD = "kata sandi uji"
OPEN_ALREADY = {"X-Parts": "1"}


def text_of(page: str) -> str:
    """What a page says, without tags, in one line."""
    words = re.sub(r"<(script|style|dialog)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(words).split())


def actions_of(page: str) -> set[str]:
    """What the page offers to do: buttons, and links to forms as `ask:…`."""
    main = page.partition('id="desk-hand"')[2].partition('class="desk-lists"')[0]
    buttons = set(re.findall(r'name="action" value="([^"]+)"', main))
    return buttons | {f"ask:{each}" for each in re.findall(r"/ask/([a-z_-]+)", main)}


@dataclass
class Browser:
    """Somebody's browser. `session`: the secret of their sign-in, None for the public."""

    client: AsyncTestClient[Litestar]
    session: str | None = None
    csrf: str = field(default="", init=False)

    async def get(self, path: str, **headers: str) -> Response:
        self._be_me()
        answer: Response = await self.client.get(
            path, headers=BROWSER | headers, follow_redirects=False
        )
        self._read(answer)
        return answer

    async def post(self, path: str, data: dict[str, Any], **headers: str) -> Response:
        """Send a form of the page that was read last."""
        self._be_me()
        answer: Response = await self.client.post(
            path,
            data={"_csrf": self.csrf} | data,
            headers=BROWSER | headers,
            follow_redirects=False,
        )
        self._read(answer)
        return answer

    async def follow(self, answer: Response) -> Response:
        assert answer.status_code == 303, answer.text
        return await self.get(answer.headers["location"])

    def _be_me(self) -> None:
        self.client.cookies.clear()
        if self.session:
            self.client.cookies.set(COOKIE, self.session)

    def _read(self, answer: Response) -> None:
        found = re.search(r'name="_csrf" value="([^"]+)"', answer.text)
        self.csrf = found[1] if found else self.csrf


@dataclass
class Officer(Browser):
    """The officer of one counter."""

    counter_id: int = 0
    ticket: int | None = None

    async def desk(self, **headers: str) -> Response:
        return await self.get(f"/desk/{self.counter_id}", **headers)

    async def press(self, action: str, ticket: int | str | None = None, **answers: Any) -> Response:
        """Press a button of the desk, or send its form with these answers."""
        wanted = self.ticket if ticket is None else ticket
        about = {} if wanted is None else {"ticket": str(wanted)}
        return await self.post(
            f"/desk/{self.counter_id}/act", {"action": action, **about, **answers}
        )

    async def ask(self, action: str, ticket: int, **headers: str) -> Response:
        return await self.get(f"/desk/{self.counter_id}/ask/{action}?ticket={ticket}", **headers)

    def _read(self, answer: Response) -> None:
        super()._read(answer)
        hand = answer.text.partition('id="desk-hand"')[2].partition('class="desk-lists"')[0]
        if hand:
            found = re.search(r'name="ticket" value="(\d+)"', hand)
            self.ticket = int(found[1]) if found else None


class Person(Browser):
    """A browser that keeps its cookies."""

    def _be_me(self) -> None:
        pass

    async def sign_in(self, username: str, password: str = PASSWORD, **more: str) -> Response:
        return await self.post("/sign-in", {"username": username, "password": password, **more})

    async def install(self, token: str, **more: str) -> Response:
        return await self.post("/sign-in", {"token": token, **more})

    async def name(self) -> str | None:
        """Who the front page says is here."""
        page = (await self.get("/")).text
        found = re.search(r'class="site-header__who"[^>]*>([^<]+)<', page)
        return found[1].strip() if found else None


async def a_hall(app: Litestar) -> Mall:
    """The small mall, in the application's own database."""
    mall: Mall = await a_mall(app.state.db)
    app.state.malls.stale()
    return mall


async def an_officer(
    client: AsyncTestClient[Litestar],
    mall: Mall,
    *labels: str,
    role: Role = Role.OFFICER,
    username: str = "rina",
) -> Officer:
    """Signed in, at the first of their counters, whose desk they have open."""
    db: Database = client.app.state.db
    session = await a_person(db, mall, role, username, counters=labels)
    wanted = labels[0] if labels else "1"
    counter_id = next(each.id for each in mall.counters if each.label == wanted)
    officer = Officer(client, session, counter_id)
    await officer.desk()
    return officer
