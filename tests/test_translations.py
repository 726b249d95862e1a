"""The catalogues of translations: complete, without leftovers, each text in one place, all in English."""

import re
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from mpp.texts import Filled, marked
from mpp.web.assets import HERE
from mpp.web.language import catalogues_of, translated, translations
from setup import messages
from setup.messages import LANGUAGES, catalogues, extracted, home, is_translated, key, written

PLACE = re.compile(r"%\(\w+\)s|%%")


def read(path: Path, language: str) -> list[Message]:
    with path.open("rb") as file:
        return [each for each in read_po(file, language, abort_invalid=True) if each.id]


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def wanted(language: str) -> dict[Path, Catalog]:
    """The catalogues that `make messages` would write now."""
    return catalogues(language)


@pytest.fixture(scope="module")
def held(language: str) -> dict[Path, list[Message]]:
    return {path: read(path, language) for path in HERE.rglob(f"locale/{language}.po")}


def test_make_messages_would_change_nothing(wanted: dict[Path, Catalog]) -> None:
    stale = [
        str(path.relative_to(HERE))
        for path, catalogue in wanted.items()
        if not path.exists() or path.read_text(encoding="utf-8") != written(catalogue)
    ]
    assert stale == [], "run `make messages`"


def test_pages_read_every_catalogue(language: str, held: dict[Path, list[Message]]) -> None:
    assert set(catalogues_of(language)) == set(held)
    gettext = translations(language).gettext
    for each in (each for some in held.values() for each in some if not each.pluralizable):
        assert gettext(key(each)) == each.string


def test_every_text_is_translated(
    wanted: dict[Path, Catalog], held: dict[Path, list[Message]]
) -> None:
    done = {key(each) for some in held.values() for each in some if is_translated(each)}
    texts = {key(each) for catalogue in wanted.values() for each in catalogue if each.id}
    assert len(texts) > 1000
    assert texts - done == set()


def test_nothing_is_translated_that_nothing_says(
    wanted: dict[Path, Catalog], held: dict[Path, list[Message]]
) -> None:
    said = {key(each) for catalogue in wanted.values() for each in catalogue if each.id}
    assert {key(each) for some in held.values() for each in some} - said == set()


def test_no_text_stands_in_two_catalogues(held: dict[Path, list[Message]]) -> None:
    found = Counter(key(each) for some in held.values() for each in some)
    assert [text for text, times in found.items() if times > 1] == []


def test_translations_name_the_same_facts(held: dict[Path, list[Message]]) -> None:
    assert [text for some in held.values() for each in some for text in wrong(each)] == []


def wrong(message: Message) -> list[str]:
    """Translations that lack a place, or have one more; a wrong number of plural forms."""
    texts, said = forms(message.id), forms(message.string)
    assert len(said) == len(texts)
    return [text for text, each in zip(texts, said, strict=True) if places(text) != places(each)]


def forms(text: str | Sequence[str] | None) -> list[str]:
    """One, or singular and plural."""
    return [text] if isinstance(text, str) else list(text or ())


def places(text: str) -> set[str]:
    return set(PLACE.findall(text))


def test_a_wrong_place_is_found() -> None:
    assert wrong(Message("%(n)s orang", "%(m)s people")) == ["%(n)s orang"]
    assert wrong(Message("95 %% dari %(n)s", "95% of %(n)s")) == ["95 %% dari %(n)s"]
    assert wrong(Message(("%(n)s jam", "%(n)s jam"), ("%(n)s hour", "hours"))) == ["%(n)s jam"]


@pytest.mark.parametrize(
    ("users", "room"),
    [
        ({"survey"}, "survey"),
        ({"survey", "dashboard", "kiosk"}, "survey"),
        ({"kiosk", "dashboard"}, ""),
        ({"", "survey"}, ""),
        ({"queue", "counters", "reports"}, "counters"),
    ],
)
def test_a_text_belongs_to_the_lowest_room_that_says_it(users: set[str], room: str) -> None:
    assert home(users, messages.settings().heights) == room


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A package with two rooms: a page, marked words, a plural."""
    package = tmp_path / "mpp"
    for room in ("survey", "queue"):
        (package / room / "templates").mkdir(parents=True)
    (package / "survey/templates/page.html").write_text('{{ _("Satu") }}{{ _(word) }}')
    (package / "queue/words.py").write_text('A = marked("Dua")\nB = "Tiga"\nC = _("Em" "pat")\n')
    (package / "web.py").write_text('ngettext("%(n)s jam", "%(n)s jam", 3)\n')
    return package


def test_texts_of_templates_and_code_are_found(small: Path) -> None:
    found = {(room, key(each)) for room, each in extracted(messages.settings(), small)}
    assert found == {("survey", "Satu"), ("queue", "Dua"), ("queue", "Empat"), ("", "%(n)s jam")}


def test_a_text_that_moves_keeps_its_translation_and_what_is_gone_is_dropped(small: Path) -> None:
    path = small / "queue/locale/en.po"
    path.parent.mkdir()
    old = Catalog("en")
    old.add("Dua", "Two")
    old.add("Empat", "Four")
    path.write_text(written(old), encoding="utf-8")
    shutil.move(small / "queue/words.py", small / "survey/words.py")
    (small / "survey/words.py").write_text('A = marked("Dua")\n')
    made = catalogues("en", small)
    said = {
        str(path.relative_to(small)): {
            key(each): forms(each.string) for each in catalogue if each.id
        }
        for path, catalogue in made.items()
    }
    assert said == {
        "survey/locale/en.po": {"Dua": ["Two"], "Satu": []},
        "locale/en.po": {"%(n)s jam": ["", ""]},
    }
    assert not any(is_translated(each) for each in made[small / "locale/en.po"] if each.id)


def test_facts_are_filled_in_after_translating() -> None:
    wording = Filled(marked("Tahun harus %(first)s–%(last)s."), {"first": 2017, "last": 2100})
    assert str(wording) == "Tahun harus 2017–2100."
    assert translated(wording, "en") == "The year must be 2017–2100."
    assert translated("tidak ada di katalog, 95 %", "en") == "tidak ada di katalog, 95 %"
