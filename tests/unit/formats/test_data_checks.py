"""The table of the checks on open data: what it says about what came out."""

from pathlib import Path

import pytest

from scripts import check_data
from scripts.data_checks.table import line, markdown

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("expected", "found", "met"), [(48_091, 48_091, True), ([92, 100], [92, 96], False)])
def test_line__what_was_expected__is_met_or_not(expected: object, found: object, met: bool) -> None:
    assert line("file", "oddity", "V1", expected, found).met is met


def test_markdown__a_miss__shows_what_came_out() -> None:
    table = markdown([line("f", "a", "V1", 1_000, 1_000), line("f", "b", "V2", 1, 2)])
    assert table.splitlines()[2:] == ["| `f` | a | V1 | 1,000 | yes |", "| `f` | b | V2 | 1 | no: 2 |"]


def test_write_page__again__replaces_the_table_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "metering.md"
    monkeypatch.setattr(check_data, "PAGE", page)
    check_data.write_page("| one |")
    page.write_text(page.read_text().replace("# The metering", "Before.\n\n# The metering") + "\nAfter.\n")
    check_data.write_page("| two |")
    text = page.read_text()
    assert "| two |" in text
    assert "| one |" not in text
    assert text.startswith("Before.")
    assert text.endswith("After.\n")
