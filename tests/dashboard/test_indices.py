"""The overview's line on the survey: the plan's progress in per cent."""

from dataclasses import replace
from datetime import UTC, date, datetime

from mpp.dashboard.pages.indices import indices_of
from mpp.survey.rules.report import FollowUp, Report
from mpp.survey.rules.result import Response, Result, figures_of
from mpp.web.pages import environment

FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
PLANNED = FollowUp(1, "cost", "Umumkan tarif", "Kepala seksi", LAST, None, None)


def a_report() -> Report:
    figures = figures_of({(3, 3, 3, 2, 3, 3, 3, 3, 3): 40})
    response = Response(served=80, answered=40, paper=0, target=66)
    result = Result(first=FIRST, last=LAST, agency=None, figures=figures, response=response,
                    quick=[0, 0, 0, 0], agencies=[], services=[], channels=[], profile={})  # fmt: skip
    return Report(1, FIRST, LAST, None, result, datetime(2026, 10, 1, tzinfo=UTC), ())


def test_half_a_plan_done_is_fifty_per_cent() -> None:
    done = replace(PLANNED, id=2, evidence="Foto papan tarif", done_on=LAST)
    indices = indices_of(a_report(), [PLANNED, done], [])
    module = environment("id").get_template("dashboard/indices.html").module
    said = module.both(indices)  # type: ignore[attr-defined]
    assert "tindak lanjut 50 %" in said
    assert "Terlemah: Biaya/tarif" in said
    assert "Belum ada penilaian." in said
