"""`mpp ipp`: the index of public service (IPP) of one evaluation, without a database."""

import json
import re
from pathlib import Path
from typing import Any

import click
import msgspec

from mpp.cli.text import read_text
from mpp.errors import Invalid
from mpp.evaluation.rules.instrument import Instrument, Variant, instrument_of
from mpp.evaluation.rules.navigator import Way, way_up
from mpp.evaluation.rules.score import Score, WithoutUsers, score_of
from mpp.number_format import format_exact
from mpp.survey.rules.index import round_half_up

NUMBER = re.compile(r"[1-9][0-9]{0,3}")


class Scores(msgspec.Struct, forbid_unknown_fields=True):
    """What SCORES holds. A level or an answer that is null is missing."""

    f02: dict[str, int | None]
    f03: list[list[int | None]] = []
    instrument: str | int | None = None
    variant: str = "A"
    without_f03: WithoutUsers = WithoutUsers.ZERO


@click.command()
@click.argument("scores", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def ipp(*, scores: Path, as_json: bool) -> None:
    """Compute the Indeks Pelayanan Publik of the evaluation SCORES.

    SCORES is JSON: "instrument" (a key, or a year; the newest unless given), "variant" A (in person)
    or B (electronic), "f02" {indicator number: level 0–5}, "f03" [[answers 0–5 of one user], …].
    What has no score counts as 0 and is listed as missing, so an unfinished index can only rise.
    """
    given = read_scores(read_text(scores), str(scores))
    instrument = instrument_of(given.instrument)
    variant = instrument.variant_of(given.variant)
    levels = {number: level for number, level in numbered(given.f02) if level is not None}
    score = score_of(instrument, variant, levels, given.f03, given.without_f03)
    way = way_up(instrument, variant, score, levels)
    if as_json:
        click.echo(json.dumps(figures(instrument, given, score, way), indent=2, ensure_ascii=False))
    else:
        click.echo(table(instrument, variant, score, way))


def read_scores(text: str, name: str) -> Scores:
    """`Invalid` says which field is wrong."""
    try:
        return msgspec.json.decode(text.lstrip("\ufeff"), type=Scores)
    except msgspec.DecodeError as error:
        raise Invalid(f"{name}: {error}") from error


def numbered(f02: dict[str, int | None]) -> list[tuple[int, int | None]]:
    """The levels by number; `Invalid` for a key that is no number, as it is written once."""
    found = []
    for key, level in f02.items():
        if not NUMBER.fullmatch(key):
            raise Invalid(f"f02: {key[:20]!r} bukan nomor indikator.", field=f"f02.{key[:20]}")
        found.append((int(key), level))
    return found


def figures(instrument: Instrument, given: Scores, score: Score, way: Way) -> dict[str, Any]:
    """The result as outside programs read it; scores 0–5 with four decimals, the index with two."""
    missing: list[int | str] = [*score.missing, *(["f03"] if score.f03 is None else [])]
    return {
        "instrument": instrument.key,
        "variant": given.variant,
        "aspects": {
            each.aspect.code: {
                "name": each.aspect.name,
                "weight": each.aspect.weight,
                "score": float(round_half_up(each.score, 4)),
            }
            for each in score.aspects
        },
        "f02": float(round_half_up(score.f02, 4)),
        "f03": None if score.f03 is None else float(round_half_up(score.f03, 4)),
        "ipp": float(score.ipp),
        "predicate": score.predicate.name,
        "letter": score.predicate.letter,
        "missing": missing,
        "next": None
        if way.target is None
        else {
            "letter": way.target.letter,
            "predicate": way.target.name,
            "raise": [
                {"indicator": each.indicator.number, "from": each.now, "to": each.then}
                for each in way.raises
            ],
        },
    }


def table(instrument: Instrument, variant: Variant, score: Score, way: Way) -> str:
    """The result for a person."""
    lines = [f"{instrument.name}, {variant.name}", ""]
    for each in score.aspects:
        shown = format_exact(round_half_up(each.score))
        lines.append(
            f"{each.aspect.code:>4}  {each.aspect.name:34}{each.aspect.weight:>3} %{shown:>7}"
        )
    f03 = "–" if score.f03 is None else format_exact(round_half_up(score.f03))
    lines += ["", f"F-02  {format_exact(round_half_up(score.f02))}", f"F-03  {f03}"]
    lines.append(
        f"IPP   {format_exact(score.ipp)}  {score.predicate.letter} – {score.predicate.name}"
    )
    if score.missing:
        numbers = ", ".join(str(number) for number in score.missing)
        lines.append(f"Belum dinilai (dihitung 0): indikator {numbers}")
    if score.f03 is None:
        lines.append("Belum ada jawaban pengguna (F-03)")
    if way.target is not None:
        lines += ["", f"Menuju {way.target.letter} – {way.target.name}:"]
        lines += [
            f"  {each.indicator.number:>2}. {each.indicator.name}: {each.now} → {each.then} "
            f"({each.indicator.levels[each.then]})"
            for each in way.raises
        ]
        if not way.raises:
            lines.append("  tidak tercapai lewat F-02 saja; jawaban pengguna (F-03) harus naik")
    return "\n".join(lines)
