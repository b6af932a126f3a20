"""Rule V13 by column: the same decisions as for one value, and the vectors of the specification."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gettone.metering.codes import Code
from gettone.metering.rules.merge import BatchStamp, Decisions, Rivals, decide_columns
from gettone.metering.rules.versions import Version, decide
from gettone.metering.values import Values
from gettone.types import Quality

pytestmark = pytest.mark.unit

BEFORE, NOW = BatchStamp(1, 1_000, b"a" * 32), BatchStamp(2, 2_000, b"b" * 32)
VALUE = st.tuples(st.integers(-2, 2), st.sampled_from(list(Quality)), st.sampled_from((5, 10, 30, 50)))


def values(rows: list[tuple[int, int, int]]) -> Values:
    """Values (Wh, quality, rank) of consecutive slots of one channel."""
    table = np.array(rows, np.int64).reshape(-1, 3)
    slots = np.arange(len(table), dtype=np.int32)
    return Values(
        np.ones(len(table), np.int32),
        slots,
        table[:, 0],
        table[:, 1].astype(np.int8),
        table[:, 2].astype(np.int16),
    )


def rivals(received: list[tuple[int, int, int]], current: list[tuple[int, int, int]], newer: bool = True) -> Rivals:
    """Received values against current ones, slot by slot; all current ones have version 1 and nothing beside."""
    count = len(received)
    return Rivals(
        received=values(received),
        current=values(current),
        version=np.ones(count, np.int16),
        last_version=np.zeros(count, np.int16),
        batch_id=np.ones(count, np.int32),
        newer=np.full(count, newer, np.bool_),
    )


def codes(decided: Decisions) -> list[Code]:
    """The code of each decision."""
    found = []
    for equal, confirms, changes in zip(decided.equal, decided.confirms, decided.changes, strict=True):
        found.append(Code.D_EQUAL if equal else Code.D_CONFIRM if confirms else Code.D_NEW if changes else Code.D_OLDER)
    return found


@given(st.lists(st.tuples(VALUE, VALUE), max_size=20), st.booleans())
def test_decide_columns__any_values__says_what_decide_says(
    pairs: list[tuple[tuple[int, Quality, int], tuple[int, Quality, int]]], newer: bool
) -> None:
    decided = decide_columns(rivals([one for one, _ in pairs], [one for _, one in pairs], newer))
    stamps = (NOW, BEFORE) if newer else (BEFORE, NOW)
    single = [
        decide(Version(*current, *stamps[1].order), Version(*received, *stamps[0].order)) for received, current in pairs
    ]
    assert codes(decided) == [one.code for one in single]
    became = [one.quality for one in single]
    kept = decided.confirms | decided.changes
    assert decided.quality[kept].tolist() == [int(one) for one, chosen in zip(became, kept, strict=True) if chosen]


@pytest.mark.parametrize(
    ("vector", "received", "current", "code", "quality"),
    [
        ("13.1 better source", (190, 1, 50), (187, 1, 30), Code.D_NEW, 3),
        ("13.1 the first again", (187, 1, 30), (190, 3, 50), Code.D_OLDER, 1),
        ("13.2 estimate by the distributor", (200, 2, 5), (187, 1, 30), Code.D_OLDER, 2),
        ("13.3 better rank, same value", (187, 1, 50), (187, 1, 30), Code.D_CONFIRM, 1),
        ("actual over estimate", (200, 1, 30), (187, 2, 5), Code.D_NEW, 1),
        ("withdrawn", (0, 0, 10), (187, 1, 10), Code.D_NEW, 0),
    ],
)
def test_decide_columns__vectors__as_specified(
    vector: str, received: tuple[int, int, int], current: tuple[int, int, int], code: Code, quality: int
) -> None:
    decided = decide_columns(rivals([received], [current]))
    assert (vector, codes(decided), decided.quality.tolist()) == (vector, [code], [quality])


def test_next_version__numbers_beside__are_not_used_twice() -> None:
    given_rivals = rivals([(1, 1, 10)] * 2, [(2, 1, 10)] * 2)
    numbered = Rivals(
        given_rivals.received,
        given_rivals.current,
        np.array([3, 1], np.int16),
        np.array([2, 4], np.int16),
        given_rivals.batch_id,
        given_rivals.newer,
    )
    assert numbered.next_version().tolist() == [4, 5]
