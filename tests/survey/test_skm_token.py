"""The blind token: one a visit, readable untouched only, and worth nothing without secret and salt."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mpp.ids import MAX_ID
from mpp.survey.rules import token
from mpp.survey.rules.token import TOKEN_LENGTH, Payload

ids = st.integers(0, MAX_ID)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=43)
payloads = st.builds(Payload, ids, ids, st.dates(date(2000, 1, 1)))
inputs = st.tuples(texts, texts, texts, payloads)


def made(secret: str, salt: str, visit: str, payload: Payload) -> str:
    return token.make(secret, payload, token.nonce_of(secret, salt, visit))


@given(inputs, inputs)
def test_it_changes_with_each_of_its_inputs_and_with_nothing_else(one, other) -> None:
    assert made(*one) == made(*one)
    for at in range(4):
        mixed = [*one]
        mixed[at] = other[at]
        assert (made(*mixed) == made(*one)) == (other[at] == one[at])


@given(inputs)
def test_it_says_what_went_in_and_nothing_of_the_visit(one) -> None:
    secret, salt, visit, payload = one
    read = token.read(secret, made(*one))
    assert read is not None
    assert (read.payload, read.nonce) == (payload, token.nonce_of(secret, salt, visit))
    assert len(made(*one)) == TOKEN_LENGTH
    assert read.hashed not in made(*one)


@given(inputs, st.integers(0, TOKEN_LENGTH - 1), st.characters(max_codepoint=0x17F))
def test_it_verifies_only_untouched(one, at, letter) -> None:
    whole = made(*one)
    assume(whole[at] != letter)
    assert token.read(one[0], whole[:at] + letter + whole[at + 1 :]) is None
    assert token.read(one[0], whole[:at] + whole[at + 1 :]) is None
    assert token.read(one[0] + "x", whole) is None


@given(inputs)
def test_no_other_spelling_of_the_same_bytes_is_taken(one) -> None:
    whole = made(*one)
    for spelt in (whole.replace("-", "+"), whole.replace("_", "/")):
        assert (token.read(one[0], spelt) is None) == (spelt != whole)


@pytest.mark.parametrize("text", ["", "x" * TOKEN_LENGTH, "=" * TOKEN_LENGTH, "é" * TOKEN_LENGTH])
def test_other_texts_are_no_tokens(text: str) -> None:
    assert token.read("secret", text) is None


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-5, 10))
def test_a_visit_can_be_judged_for_three_days_after_its_own(day, later) -> None:
    assert token.is_open(day, day + timedelta(days=later)) == (0 <= later <= 3)
