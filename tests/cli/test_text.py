"""Files that people write with whatever editor they have."""

from pathlib import Path

from factories import SMALL_MALL

from mpp.cli.text import read_text
from mpp.counters.rules.source import read_mall


def test_a_malls_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "mall.toml"
    file.write_text(SMALL_MALL, encoding="utf-8-sig")
    assert read_mall(read_text(file), str(file)) == read_mall(SMALL_MALL, str(file))
