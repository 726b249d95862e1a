"""Who looks at evaluations, and the two pages that a refused form shows again."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency

from mpp.clock import Clock
from mpp.counters.readers import Malls
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.errors import MppError, NotFound
from mpp.evaluation.pages.evaluation_lists import EvaluationListPage, units_by_year
from mpp.evaluation.pages.evaluations import (
    Error,
    UsersPage,
    indicator_page,
    question_means,
    score_import_views,
    summary_of,
)
from mpp.evaluation.queries import (
    evaluation_rows,
    evidence_files,
    evidence_rows,
    score_import_rows,
)
from mpp.evaluation.rules.derived import Facts
from mpp.evaluation.rules.evaluation import Evaluation
from mpp.evaluation.rules.instrument import instruments
from mpp.isolated import Isolated
from mpp.security import Role
from mpp.web.language import locale_of, translated
from mpp.web.pages import Page, html
from mpp.web.request_params import read_id

CHANGERS = frozenset({Role.MANAGER, Role.ADMIN})
"""Who may change an evaluation. Users' answers are entered by every leader."""


@dataclass(frozen=True)
class Office:
    """A leader looks at the evaluations of their own mall."""

    request: Request[Any, Any, Any]
    db: Database
    mall: Mall
    clock: Clock
    isolated: Isolated

    @property
    def may_change(self) -> bool:
        return self.request.user.role in CHANGERS

    async def evaluation(self, text: str) -> Evaluation:
        """The one with this id; `NotFound` unless it is this mall's."""
        wanted = read_id(text, "evaluation")
        return await self.db.read(evaluation_rows.evaluation, self.mall.id, wanted)

    async def with_facts(self, text: str) -> tuple[Evaluation, Facts]:
        wanted, mall, now = read_id(text, "evaluation"), self.mall, self.clock()

        def look(tx: Transaction) -> tuple[Evaluation, Facts]:
            found = evaluation_rows.evaluation(tx, mall.id, wanted)
            return found, evidence_rows.facts_of(tx, mall, found.year, now=now)

        return await self.db.read(look)

    def page(self, page: Page, status_code: int = 200) -> Response[str]:
        return html(self.request, page, mall=self.mall, status_code=status_code)

    def said(self, refused: MppError) -> Error:
        """The field and why, in the reader's language as far as the catalogue goes."""
        words = translated(refused.wording, locale_of(self.request))
        return str(refused.facts.get("field", "")), words

    async def list_page(
        self, given: dict[str, str] | None = None, refused: MppError | None = None
    ) -> Response[str]:
        """All evaluations, and the form for a new one as it was typed."""
        found = await self.db.read(evaluation_rows.evaluations_of, self.mall.id)
        years, units = units_by_year(found)
        page = EvaluationListPage(
            years=years,
            units=units,
            instruments=[(each.key, each.name) for each in list(instruments().values())[::-1]],
            given=given or {"year": str(self.mall.day(self.clock()).year), "unit": self.mall.name},
            errors=[self.said(refused)] if refused else [],
            may_change=self.may_change,
            may_rank=len(units) > 1,
        )
        return self.page(page, refused.status if refused else 200)

    async def indicator_page(
        self, evaluation_id: str, number: int, refused: MppError | None = None
    ) -> Response[str]:
        """An indicator with its form and its files; after a refusal with what was wrong."""
        found, facts = await self.with_facts(evaluation_id)
        kept = await self.db.read(evidence_files.files_of, found.mall_id, found.id, number)
        files = [(each, each.added_at.astimezone(self.mall.time_zone)) for each in kept]
        why = self.said(refused)[1] if refused else ""
        page = indicator_page(found, facts, number, files, may_change=self.may_change, refused=why)
        if page is None:
            raise NotFound(f"Indikator {number} tidak ada dalam varian ini.", field="indicator")
        return self.page(page, refused.status if refused else 200)

    async def users_page(
        self,
        found: Evaluation,
        added: int = 0,
        withdrawn: int = 0,
        pasted: str = "",
        refused: MppError | None = None,
    ) -> Response[str]:
        made = await self.db.read(score_import_rows.score_imports_of, found.mall_id, found.id)
        page = UsersPage(
            summary=summary_of(found),
            questions=question_means(found),
            pasted=pasted,
            errors=[self.said(refused)] if refused else [],
            added=added,
            withdrawn=withdrawn,
            imports=score_import_views(made, self.mall.time_zone),
            may_change=self.may_change,
        )
        return self.page(page, refused.status if refused else 200)


async def provide_office(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    isolated: NamedDependency[Isolated],
) -> Office:
    return Office(request, db, await malls.by_id(request.user.mall_id), clock, isolated)
