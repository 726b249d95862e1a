"""The yearly reports that a mall has published, for everybody."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from mpp.counters.readers import Malls
from mpp.db.seam import Database, Transaction
from mpp.errors import NotFound
from mpp.reports import queries as publication_rows
from mpp.reports.pages.yearly import public_year_page
from mpp.reports.rules.edition import Edition
from mpp.reports.rules.yearly import Year
from mpp.security import public
from mpp.web.pages import html
from mpp.web.request_params import read_id


@get("/reports/{mall_slug:str}", guards=[public], include_in_schema=False)
async def published(
    mall_slug: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    edition: FromQuery[str] = "",
) -> Response[str]:
    """The newest edition that holds, or the one asked for."""
    mall = await malls.get(mall_slug)
    wanted = read_id(edition, "edition") if edition else None

    def look(tx: Transaction) -> tuple[list[Edition], Edition | None, Year | None]:
        known = publication_rows.editions(tx, mall.id)
        chosen = _chosen(known, wanted)
        if chosen is None or chosen.is_withdrawn:
            return known, chosen, None
        return known, chosen, publication_rows.figures(tx, mall.id, chosen.id)

    known, chosen, told = await db.read(look)
    page = public_year_page(known, chosen, told, slug=mall.slug, time_zone=mall.time_zone)
    return html(request, page, mall=mall)


def _chosen(known: list[Edition], wanted: int | None) -> Edition | None:
    """`NotFound` for an edition that this mall never published."""
    if wanted is None:
        return next((each for each in known if not each.is_withdrawn), None)
    found = next((each for each in known if each.id == wanted), None)
    if found is None:
        raise NotFound("Edisi itu tidak ada.", field="edition")
    return found


routers = [Router("/", route_handlers=[published])]
