"""The rows of a file through V2 to V12: nothing dropped, one value per slot, order of rows without effect."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.merge import BatchStamp, Stored, merge
from gettone.metering.registry import Contract, RegisteredChannel, RegisteredDevice
from gettone.metering.validation import FileRow, Validated, validate
from gettone.metering.versions import CurrentReading, NewVersion
from gettone.types import Direction, Quality

pytestmark = pytest.mark.unit

RECEIPT_S = 1_478_000_000
START_S = 1_472_688_000
SLOT = START_S // 900
CONTRACTS = (Contract(0, None, 3_000, None, None),)
REGISTRY = {
    "quarter": RegisteredDevice(1, None, (RegisteredChannel(1, Direction.WITHDRAWAL, 900),), CONTRACTS),
    "hour": RegisteredDevice(2, None, (RegisteredChannel(2, Direction.EXCHANGE, 3600),), CONTRACTS),
}


def row(
    number: int, wh: int | None, *, device: str = "quarter", at_s: int = 0, interval_s: int = 900, quality: int = 1
) -> FileRow:
    return FileRow(number, device, START_S + at_s, interval_s, wh, Quality(quality), None)


def run(*rows: FileRow, config: FlowConfig | None = None) -> Validated:
    return validate(rows, REGISTRY, config or FlowConfig(), RECEIPT_S)


def accounted(result: Validated) -> int:
    counted = len(result.accepted) + len(result.held) + len(result.rejected)
    return counted + result.equal + result.merged + result.missing


def test_validate__vector_12_1_equal__is_one_value() -> None:
    result = run(row(2, 187), row(3, 187))
    assert [(one.slot, one.wh) for one in result.accepted] == [(SLOT, 187)]
    assert (result.equal, result.codes[Code.D_EQUAL]) == (1, 1)


def test_validate__vector_12_1_different__is_none_and_both_wait() -> None:
    result = run(row(2, 187), row(3, 190))
    assert result.accepted == []
    assert [(one.value.wh, one.state) for one in result.held] == [(187, "conflict"), (190, "conflict")]
    assert result.codes[Code.D_CONFLICT] == 2


def test_validate__above_the_bound__waits_for_a_person() -> None:
    result = run(row(2, 1_237), row(3, 1_238, at_s=900))
    assert [one.wh for one in result.accepted] == [1_237]
    assert [(one.value.wh, one.state) for one in result.held] == [(1_238, "quarantined")]


def test_validate__declared_gap__is_a_value_of_quality_0() -> None:
    result = run(row(2, None, quality=0))
    assert [(one.wh, one.quality) for one in result.accepted] == [(0, Quality.MISSING)]
    assert result.codes == {Code.M_DECLARED: 1}


def test_validate__three_parts__are_summed_and_two_are_missing() -> None:
    parts = [row(number, 100 + number, at_s=300 * number, interval_s=300) for number in range(5)]
    result = run(*parts)
    assert [(one.slot, one.wh) for one in result.accepted] == [(SLOT, 303)]
    assert (result.merged, result.missing, result.codes[Code.T_PARTIAL]) == (2, 2, 2)


def test_validate__parts_that_disagree__are_refused() -> None:
    parts = [row(number, 1, at_s=300 * number, interval_s=300) for number in range(3)]
    result = run(*parts, row(9, 2, interval_s=300))
    assert sorted(one.row for one in result.rejected) == [0, 9]
    assert (result.accepted, result.missing) == ([], 2)


def test_validate__sum_with_an_estimated_part__is_an_estimate() -> None:
    parts = [row(n, 1, at_s=300 * n, interval_s=300, quality=2 if n == 1 else 1) for n in range(3)]
    assert [(one.quality, one.rank) for one in run(*parts).accepted] == [(Quality.ESTIMATED, 5)]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (row(2, 5, device="stranger"), Code.R_UNKNOWN),
        (row(2, -5), Code.N_NEGATIVE),
        (row(2, 5, device="hour", interval_s=1800), Code.R_STEP),
        (row(2, 5, at_s=10_000_000), Code.T_FUTURE),
        (row(2, 2**31), Code.R_RANGE),
    ],
)
def test_validate__wrong_row__is_refused_with_its_code(wrong: FileRow, code: Code) -> None:
    result = run(wrong, row(3, 5, at_s=900))
    assert [(one.row, one.code) for one in result.rejected] == [(2, code)]
    assert len(result.accepted) == 1


def test_permille_rejected__one_of_five__is_200() -> None:
    result = run(row(2, -1), *(row(3 + n, 1, at_s=900 * n) for n in range(4)))
    assert result.permille_rejected == 200
    assert run(row(2, -1), row(3, 1), row(4, 1, at_s=900)).permille_rejected == 334


file_rows = st.lists(
    st.builds(
        row,
        st.integers(2, 10_000),
        st.one_of(st.none(), st.integers(-2, 3), st.just(2_000)),
        device=st.sampled_from(["quarter", "hour", "stranger"]),
        at_s=st.integers(0, 12).map(lambda part: part * 300),
        interval_s=st.sampled_from([300, 900, 3600]),
        quality=st.sampled_from([1, 1, 2, 3]),
    ),
    max_size=30,
    unique_by=lambda one: one.row,
)


@given(file_rows, st.randoms(use_true_random=False))
def test_validate__any_rows_in_any_order__drop_nothing_and_agree(rows: list[FileRow], shuffle: random.Random) -> None:
    result = run(*rows)
    assert accounted(result) == result.rows == len(rows)
    keys = [(one.channel_id, one.slot) for one in result.accepted]
    assert len(keys) == len(set(keys))
    shuffled = rows.copy()
    shuffle.shuffle(shuffled)
    again = run(*shuffled)
    assert sorted(again.accepted) == sorted(result.accepted)
    assert sorted(again.held) == sorted(result.held)
    assert again.codes == result.codes


@given(file_rows)
def test_merge__any_rows__are_counted_once(rows: list[FileRow]) -> None:
    validated = run(*rows)
    merged = merge(validated, Stored({}, {}, set(), {}), BatchStamp(1, RECEIPT_S * 1000, b"a"))
    counted = merged.new + merged.changed + merged.confirmed + merged.equal + merged.older + merged.missing
    assert counted == len(validated.accepted) == len(merged.added)


def test_merge__replaced_value__is_kept_with_its_own_version() -> None:
    stored = Stored({(1, SLOT): CurrentReading(5, 1, 10, 3, 1)}, {(1, SLOT): 2}, set(), {1: BatchStamp(1, 0, b"a")})
    merged = merge(run(row(2, 6)), stored, BatchStamp(2, 1, b"b"))
    assert [(one.wh, one.quality, one.version, one.batch_id) for one in merged.replaced] == [(6, 3, 4, 2)]
    assert merged.versions == [NewVersion(1, SLOT, 3, 5, 1, 10, 1, "superseded")]
