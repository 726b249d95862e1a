"""Terms, profiles, tables of paper, rows of results: what can be said without a database."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mpp.errors import Invalid
from mpp.metrics.rules.disclosure import FEWEST
from mpp.metrics.rules.terms import MONTHS, Term, read_span, span_of
from mpp.survey.rules import bars, result
from mpp.survey.rules.answer import Questionnaire, sheet
from mpp.survey.rules.import_profile import read_class
from mpp.survey.rules.index import Weights, index_of
from mpp.survey.rules.interval import interval_from, interval_of, mean_interval
from mpp.survey.rules.profile import FIELDS, age_band, shown
from mpp.survey.rules.unsur import Answers, Unsur
from tests.metrics.attack import protection_of, spread

days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
respondents = st.lists(
    st.dictionaries(st.sampled_from(Unsur), st.integers(1, 4)).map(Answers), max_size=40
)
full = st.lists(st.tuples(*[st.integers(1, 4)] * 9), min_size=5, max_size=30)


# -- terms ---------------------------------------------------------------------------------------


@given(st.sampled_from(Term), days)
def test_terms_follow_each_other_without_gap_and_are_read_as_written(term, day) -> None:
    span = span_of(term, day)
    assert span.period.first <= day <= span.period.last
    assert span.following.period.first == span.period.last + timedelta(days=1)
    assert span.previous.following == span
    assert read_span(span.key, date(2100, 1, 1)) == span
    months = (span.period.last.year * 12 + span.period.last.month) - (
        span.period.first.year * 12 + span.period.first.month
    )
    assert months == MONTHS[term] - 1


@pytest.mark.parametrize(
    "key",
    ["x", "2026-13", "2026-0", "2026-q5", "2026-s3", "26", "2026-1", "2026-q", "9999", "２０２６"],
)
def test_other_keys_are_refused(key: str) -> None:
    with pytest.raises(Invalid):
        read_span(key, date(2026, 11, 23))


# -- profile -------------------------------------------------------------------------------------


@given(
    st.sampled_from(list(FIELDS)).flatmap(
        lambda name: st.tuples(
            st.just(name),
            st.dictionaries(st.sampled_from([*FIELDS[name], None]), st.integers(0, 30)),
        )
    )
)
def test_small_classes_are_hidden_and_cannot_be_reckoned_back(case) -> None:
    name, counts = case
    cells = {cell.code or None: cell.count for cell in shown(name, counts)}
    assert cells.keys() == {*FIELDS[name], None}
    for code, count in cells.items():
        assert count in {None, counts.get(code, 0)}
        assert count is None or count == 0 or count >= FEWEST
    hidden = [counts.get(code, 0) for code, count in cells.items() if count is None]
    assert len(hidden) != 1 or sum(counts.values()) == hidden[0], (
        "one alone is the sum less the rest"
    )


@given(
    st.sampled_from(["gender", "time_band"]).flatmap(
        lambda name: st.tuples(
            st.just(name),
            st.fixed_dictionaries(dict.fromkeys([*FIELDS[name], ""], st.integers(0, 12))),
        )
    )
)
@example(("gender", {"female": 20, "male": 1, "": 1}))
def test_no_class_of_a_profile_can_be_solved_for(case) -> None:
    name, sizes = case

    def view(counts):
        return {
            cell.code: cell.count for cell in shown(name, {k or None: counts[k] for k in counts})
        }

    told = {code for code, count in view(sizes).items() if count is not None}
    assert spread(sizes, told, view) >= protection_of(sum(sizes.values()))


def test_classes_are_read_as_people_write_them() -> None:
    said: dict[str, dict[str, str | None]] = {
        "gender": {"P": "female", "laki-laki": "male", "L": "male", "x": None, "17": None},
        "age": {"17": "-19", "19": "-19", "20": "20-29", "59": "50-59", "60": "60-", "101": "60-",
                "1990": None, " 30–39 Tahun ": "30-39", "30—39 tahun": "30-39", "30-39": "30-39",
                "tua": None},
        "education": {"D3": "d1-d4", "SMA": "sma", "S1": "s1"},
        "occupation": {"PNS": "asn", "Pegawai swasta": "employee", "Lainnya": "other"},
        "time_band": {"08.00–12.00": "08-12", "13-17": "13-17"},
    }  # fmt: skip
    read = {
        field: {text: read_class(field, text) for text in texts} for field, texts in said.items()
    }
    assert read == said
    assert {age_band(years) for years in range(120)} == FIELDS["age"].keys()


@given(
    st.dictionaries(st.sampled_from([f"u{n}" for n in range(1, 10)]), st.none() | st.integers(1, 4))
)
def test_a_sheet_keeps_what_was_answered(values) -> None:
    made = sheet(values, {"gender": None})
    kept = {code: value for code, value in values.items() if value is not None}
    if not kept:
        assert made is None
        return
    assert made is not None
    assert {code: value for code, value in made.columns.items() if value is not None} == kept


def test_a_sheet_keeps_of_a_profile_what_was_said() -> None:
    made = sheet({"u1": 4}, {"gender": "female", "age": None, "education": ""})
    assert made == Questionnaire(Answers({Unsur.REQUIREMENTS: 4}), {"gender": "female"})


@pytest.mark.parametrize(
    ("values", "profile", "field", "said"),
    [
        ({"u1": 4, "u9": 0}, {}, "u9", "Jawaban berupa 1, 2, 3, atau 4."),
        ({"u2": 5}, {}, "u2", "Jawaban berupa 1, 2, 3, atau 4."),
        ({"u1": 4}, {"age": "tua"}, "age", "Pilihan itu tidak ada."),
        ({"u1": 4}, {"shoe": "42"}, "shoe", "Pilihan itu tidak ada."),
    ],
)
def test_a_sheet_takes_known_values_only(values, profile, field, said) -> None:
    with pytest.raises(Invalid) as refused:
        sheet(values, profile)
    assert (str(refused.value), refused.value.facts["field"]) == (said, field)


# -- results -------------------------------------------------------------------------------------


def counted(answers: list[Answers]) -> Counter[tuple[int, ...]]:
    return Counter(tuple(each.values.get(unsur, 0) for unsur in Unsur) for each in answers)


@given(respondents, st.sampled_from(Weights))
def test_patterns_give_the_same_index_and_interval_as_respondents(answers, weights) -> None:
    patterns = counted(answers)
    assert result.index_of_patterns(patterns, weights) == index_of(answers, weights)
    assert interval_from(patterns, weights) == interval_of(answers, weights)


@given(full)
def test_bars_lie_in_order_on_their_scale(answers) -> None:
    figures = result.figures_of(Counter(answers))
    laid = bars.bars(figures)
    assert [bar.figure.unsur for bar in laid] == [unsur.value for unsur in Unsur]
    assert sum(bar.is_weak for bar in laid) == bars.WEAKEST
    for bar in laid:
        assert bar.low is not None
        assert bar.end is not None
        assert bar.high is not None
        assert 0 <= bar.low <= bar.end <= bar.high <= 100


@pytest.mark.parametrize(
    ("mean", "at"),
    [(None, None), (0.99, 0), (1, 0), (2, 33.33), (2.5, 50), (3.4, 80), (4, 100), (4.01, 100)],
)
def test_a_mean_lies_at_its_percent_of_the_scale(mean: float | None, at: float | None) -> None:
    assert bars.place(mean) == at


def test_grades_begin_where_the_regulation_lets_them() -> None:
    """Percent of the way from 25 to 100: 65.00 is 40 of 75."""
    assert bars.bounds() == [
        bars.Bound(0.0, "D", "25.00"),
        bars.Bound(53.33, "C", "65.00"),
        bars.Bound(68.81, "B", "76.61"),
        bars.Bound(84.41, "A", "88.31"),
    ]


def test_rows_of_fewer_than_five_say_nothing() -> None:
    four = result.row_of("kk", "Kartu Keluarga", {(1,) * 9: 4}, 9)
    five = result.row_of("kk", "Kartu Keluarga", {(1,) * 9: 5}, 9)
    assert (four.n, four.ikm, four.grade, four.low) == (None, None, None, None)
    assert (five.n, five.ikm, five.grade) == (5, 25.0, "D")
    assert mean_interval({1: 4}) is None


def test_response_counts_paper_towards_the_target_only() -> None:
    found = result.response_of(100, {"phone": 30, "tablet": 10, "paper": 40})
    assert (found.answered, found.paper, found.target, found.share) == (40, 40, 80, 0.4)
    assert found.progress == 1.0
    assert (result.response_of(0, {}).share, result.response_of(0, {"paper": 9}).progress) == (
        None,
        None,
    )
    assert result.response_of(10, {"phone": 3}) == result.Response(
        served=10, answered=3, paper=0, target=10
    )
