"""Which definitions reports are made by. docs/metrics.md says what they mean."""

from typing import Final

LATEST: Final = "v2"
"""Stands in every answer, file and kept edition; whoever changes a definition counts on."""
