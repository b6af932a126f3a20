"""Rule V13: the greatest version is current, whatever the order of arrival."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.rules.versions import Decision, Version, decide
from gettone.types import Quality

pytestmark = pytest.mark.unit


def value(wh: int, rank: int, at: int = 0, quality: Quality = Quality.ACTUAL, sha256: bytes = b"a") -> Version:
    return Version(wh, quality, rank, at, sha256)


def test_decide__first_value__is_new() -> None:
    assert decide(None, value(187, 30)) == Decision(Code.D_NEW, Quality.ACTUAL)


def test_decide__vector_13_1__better_rank_corrects_and_worse_is_kept_beside() -> None:
    assert decide(value(187, 30), value(190, 50, 1)) == Decision(Code.D_NEW, Quality.CORRECTED)
    assert decide(value(190, 50, 1, Quality.CORRECTED), value(187, 30, 2)).code is Code.D_OLDER


def test_decide__vector_13_2__an_estimate_never_hides_a_measurement() -> None:
    rank = FlowConfig(source_class=1).rank_of(Quality.ESTIMATED)
    assert rank == 5
    estimate = value(200, rank, 1, Quality.ESTIMATED)
    assert decide(value(187, 30), estimate).code is Code.D_OLDER
    assert decide(estimate, value(187, 30, 2)) == Decision(Code.D_NEW, Quality.ACTUAL)


def test_decide__vector_13_3__equal_value_of_better_rank_confirms() -> None:
    assert decide(value(187, 30), value(187, 50, 1)) == Decision(Code.D_CONFIRM, Quality.ACTUAL)
    assert decide(value(187, 50), value(187, 30, 1)).code is Code.D_EQUAL
    assert decide(value(187, 30), value(187, 30, 1)).code is Code.D_EQUAL


def test_decide__measured_over_equal_estimate__confirms() -> None:
    assert decide(value(187, 1, 0, Quality.ESTIMATED), value(187, 1, 1)) == Decision(Code.D_CONFIRM, Quality.ACTUAL)


def test_decide__same_rank__later_receipt_then_digest_decides() -> None:
    assert decide(value(1, 10, 5), value(2, 10, 6)).code is Code.D_NEW
    assert decide(value(1, 10, 5), value(2, 10, 4)).code is Code.D_OLDER
    assert decide(value(1, 10, 5, sha256=b"a"), value(2, 10, 5, sha256=b"b")).code is Code.D_NEW
    assert decide(value(1, 10, 5, sha256=b"b"), value(2, 10, 5, sha256=b"a")).code is Code.D_OLDER


def test_decide__withdrawn_value__is_replaced_as_missing_and_comes_back_as_actual() -> None:
    gap = value(0, 10, 1, Quality.MISSING)
    assert decide(value(0, 10), gap) == Decision(Code.D_NEW, Quality.MISSING)
    assert decide(gap, value(0, 10, 2)) == Decision(Code.D_NEW, Quality.ACTUAL)


versions = st.builds(
    Version, st.integers(-3, 3), st.sampled_from([Quality.ACTUAL, Quality.CORRECTED]), st.sampled_from([10, 30, 50]),
    st.integers(0, 3), st.sampled_from([b"a", b"b"]),
)  # fmt: skip


@given(st.lists(versions, min_size=1, max_size=6, unique_by=lambda one: one.order), st.randoms())
def test_decide__batches_by_receipt__end_with_the_greatest(received: list[Version], random: object) -> None:
    current: Version | None = None
    for one in sorted(received, key=lambda one: (one.received_at, one.sha256)):
        decision = decide(current, one)
        if decision.code in (Code.D_NEW, Code.D_CONFIRM):
            current = one._replace(quality=decision.quality)
    assert current is not None
    assert current.rank == max(one.rank for one in received)
    assert current.wh == max(received, key=lambda one: one.order).wh
