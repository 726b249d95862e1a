"""Texts for people that are written in one place and put into the reader's language in another."""

from collections.abc import Mapping
from dataclasses import dataclass


def marked(text: str) -> str:
    """The text itself. By this name `make messages` finds what a page translates later on.

    >>> marked("Dilayani")
    'Dilayani'
    """
    return text


@dataclass(frozen=True)
class Filled:
    """A marked text with its facts, which are put in once the text is in the reader's language.

    >>> str(Filled("Paling panjang %(longest)s huruf.", {"longest": 300}))
    'Paling panjang 300 huruf.'
    """

    text: str
    facts: Mapping[str, object]

    def __str__(self) -> str:
        return self.text % self.facts
