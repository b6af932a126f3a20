"""A stored payload without a member's rows, whatever its format."""

from pathlib import Path

import pytest

from gettone.metering.flow import FlowConfig
from oracle.quality.rewriting import EVER, HEAD, rewrite

pytestmark = pytest.mark.unit
MINE, OTHER = "IT001E11111111", "IT001E22222222"
HEADER = "device,timestamp_utc,interval_s,energy_wh\n"


def spans(name: str) -> tuple[tuple[int, int], ...]:
    return (EVER,) if name == MINE else ()


def written(folder: Path, text: str) -> Path:
    path = folder / "payload"
    path.write_text(text, encoding="utf-8")
    return path


def test_rewrite__file_of_others__is_left_alone(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + f"{OTHER},2016-09-01T00:00:00Z,3600,187\n")
    assert not rewrite(path, FlowConfig(), spans, (MINE,)).names_member


def test_rewrite__file_of_both__keeps_the_others_rows_exactly(tmp_path: Path) -> None:
    rows = f"{OTHER},2016-09-01T00:00:00Z,3600,187\n{MINE},2016-09-01T00:00:00Z,3600,999\n"
    found = rewrite(written(tmp_path, HEADER + rows), FlowConfig(), spans, (MINE,))
    assert (found.rest or b"").decode().splitlines() == [",".join(HEAD), f"{OTHER},1472688000,3600,-1,187,0,0,1"]


def test_rewrite__file_of_the_member_alone__leaves_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + f"{MINE},2016-09-01T00:00:00Z,3600,999\n")
    found = rewrite(path, FlowConfig(), spans, (MINE,))
    assert (found.names_member, found.rest) == (True, None)


def test_rewrite__span_of_a_holding__takes_the_rows_inside_it(tmp_path: Path) -> None:
    rows = "".join(f"{MINE},2016-09-01T0{hour}:00:00Z,3600,{hour}\n" for hour in range(3))
    path = written(tmp_path, HEADER + rows)
    found = rewrite(path, FlowConfig(), lambda _: ((1_472_691_600, 1_472_695_200),), (MINE,))
    assert [line.split(",")[4] for line in (found.rest or b"").decode().splitlines()[1:]] == ["0", "2"]


@pytest.mark.parametrize(("text", "named"), [(f"nonsense about {MINE}", True), ("nonsense", False)])
def test_rewrite__unreadable_file__goes_as_a_whole_when_it_names_the_member(
    tmp_path: Path, text: str, named: bool
) -> None:
    found = rewrite(written(tmp_path, text), FlowConfig(), spans, (MINE,))
    assert (found.names_member, found.rest) == (named, None)


def test_rewrite__row_that_cannot_be_read__is_found_by_its_text(tmp_path: Path) -> None:
    rows = f"{OTHER},2016-09-01T00:00:00Z,3600,187\n{MINE},never,3600,999\n"
    found = rewrite(written(tmp_path, HEADER + rows), FlowConfig(), spans, (MINE,))
    assert found.names_member
    assert MINE.encode() not in (found.rest or b"")
