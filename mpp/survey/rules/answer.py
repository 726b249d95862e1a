"""What one respondent sends, and whether it says anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from mpp.errors import Invalid
from mpp.survey.rules.profile import FIELDS, is_class
from mpp.survey.rules.unsur import CODES, VALUES, Answers, Unsur


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One respondent's answers and who they say they are."""

    answers: Answers
    profile: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        for name, code in self.profile.items():
            if not is_class(name, code):
                raise Invalid("Pilihan itu tidak ada.", field=name)

    @property
    def columns(self) -> dict[str, int | str | None]:
        """As stored: every column, None where nothing was said."""
        values = {code: self.answers.values.get(unsur) for unsur, code in CODES.items()}
        return {**values, **{name: self.profile.get(name) for name in FIELDS}}


def sheet(
    values: Mapping[str, int | None], profile: Mapping[str, str | None]
) -> Questionnaire | None:
    """From u1 … u9 and a profile with gaps; None where no question is answered. `Invalid` names the field."""
    found: dict[Unsur, int] = {}
    for unsur, code in CODES.items():
        value = values.get(code)
        if value is not None:
            if value not in VALUES:
                raise Invalid("Jawaban berupa 1, 2, 3, atau 4.", field=code)
            found[unsur] = value
    if not found:
        return None
    return Questionnaire(Answers(found), {name: code for name, code in profile.items() if code})
