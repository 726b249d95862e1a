"""Which definitions a report is made by. docs/metrics.md says what each version means."""

from enum import StrEnum


class Definitions(StrEnum):
    """A changed definition is a new version; the old one stays computable."""

    V1 = "v1"
    """Exact quantiles; today's standards, for old days too."""
    V2 = "v2"
    """Quantiles of histograms; the standards that stood when the day was rolled up."""


LATEST = Definitions.V2
