"""`mpp simulate` as an operator uses it."""

from pathlib import Path

from programs import Run

from mpp.demo.world import MALL


def test_a_mall_gets_a_past(mpp: Run) -> None:
    assert mpp("migrate").status == 0
    assert mpp("load", MALL).status == 0
    done = mpp("simulate", "--days", "3", "--until", "2026-11-20", "--visitors", "40")
    assert done.status == 0
    assert "3 hari" in done.out
    assert "data simulasi" in done.out
    checked = mpp("verify")
    assert (checked.status, "tidak ada pelanggaran" in checked.out) == (0, True)
    again = mpp("simulate", "--days", "3", "--until", "2026-11-20")
    assert "3 hari, 0 nomor" in again.out


def test_without_a_mall_it_says_what_to_do(mpp: Run, tmp_path: Path) -> None:
    mpp("migrate")
    refused = mpp("simulate")
    assert refused.status == 2
    assert "mpp load" in refused.err
