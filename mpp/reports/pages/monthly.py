"""The month's report of a mall as a paper: what changed and what to do, then charts, tables, definitions."""

from collections.abc import Callable
from datetime import datetime

from mpp.documents.document import Definition, Document, Section
from mpp.documents.wording import share
from mpp.metrics.rules.definitions import LATEST
from mpp.metrics.rules.histogram import ERROR
from mpp.number_format import format_long_day, format_month
from mpp.reports.pages import monthly_indices, monthly_loads, monthly_times
from mpp.reports.pages.monthly_compared import compared
from mpp.reports.pages.monthly_summary import summary
from mpp.reports.pages.paper import DEFINITIONS, LANGUAGE, mall_paper
from mpp.reports.rules.monthly import Monthly


def monthly_document(found: Monthly, *, now: datetime) -> Document:
    """The report as data. Parts of which nothing is known are left out."""
    local = now.astimezone(found.mall.time_zone)
    is_over = local.date() > found.month.last
    today = format_long_day(local.date(), LANGUAGE)
    going_on = (
        [] if is_over else [f"Bulan ini belum berakhir: angka sampai {today}, bulan lain utuh."]
    )
    month = format_month(found.month.first, LANGUAGE)
    return mall_paper(
        found.mall.name,
        f"Laporan bulanan {month}",
        f"Kunjungan, waktu tunggu dan pelayanan, kepuasan: {month}",
        made=local,
        is_synthetic=found.mall.is_synthetic,
        summary=[*going_on, *summary(found)],
        sections=[part(found) for part in PARTS],
        definitions=_definitions(),
    )


def _definitions() -> list[Definition]:
    return [
        Definition("Batal", "dibatalkan pengunjung atau petugas; tunggunya tidak masuk median."),
        Definition(
            "Dalam janji",
            "bagian yang tidak lebih lama dari standar pelayanan yang berlaku ketika harinya direkap.",
        ),
        Definition(
            "Median, P90, P95",
            "separuh, sembilan dari sepuluh, sembilan belas dari dua puluh tidak lebih lama dari sekian; "
            f"dari histogram, paling jauh {share(ERROR, LANGUAGE, 0)} dari yang tepat "
            f"(definisi {LATEST}).",
        ),
        Definition("Semua definisi", DEFINITIONS),
    ]


PARTS: tuple[Callable[[Monthly], Section], ...] = (
    compared,
    monthly_loads.days,
    monthly_times.hours,
    monthly_loads.load,
    monthly_times.spread,
    monthly_loads.agencies,
    monthly_loads.services,
    monthly_loads.work,
    monthly_times.promises,
    monthly_indices.survey,
    monthly_indices.index,
)
"""The report from top to bottom."""
