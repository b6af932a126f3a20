"""Findings of a window against stored anomalies."""

import pytest

from gettone.db.repositories.anomalies import Finding, StoredAnomaly
from gettone.metering.codes import Code
from oracle.after_merge.reconcile import Changes, reconcile

pytestmark = pytest.mark.unit
WINDOW = (100, 200)


def zeros(first: int, last: int) -> Finding:
    return Finding(1, None, Code.S_ZERO, first, last, last - first + 1)


def night(first: int, last: int, counted: int = 1) -> Finding:
    return Finding(1, None, Code.C_NIGHT, first, last, counted)


def stored(finding: Finding, state: str = "open", anomaly_id: int = 5) -> StoredAnomaly:
    return StoredAnomaly(anomaly_id, finding, state)


def test_reconcile__new_finding__is_opened() -> None:
    assert reconcile([], [zeros(110, 120)], WINDOW, 1) == Changes([zeros(110, 120)], [])


def test_reconcile__same_finding_again__changes_nothing() -> None:
    assert reconcile([stored(zeros(110, 120))], [zeros(110, 120)], WINDOW, 1) == Changes()


def test_reconcile__finding_that_is_gone__is_closed() -> None:
    assert reconcile([stored(night(110, 120))], [], WINDOW, 1).changed == [stored(night(110, 120), "closed")]


def test_reconcile__run_from_before_the_window__is_one_run() -> None:
    changes = reconcile([stored(zeros(20, 150))], [zeros(100, 160)], WINDOW, 1)
    assert changes == Changes([], [stored(zeros(20, 160))])


def test_reconcile__run_that_ends_beside_the_window__is_joined() -> None:
    assert reconcile([stored(zeros(20, 99))], [zeros(100, 160)], WINDOW, 1) == Changes([], [stored(zeros(20, 160))])


def test_reconcile__hourly_run_beside_the_window__is_joined_and_counts_hours() -> None:
    old, new = Finding(1, None, Code.S_ZERO, 20, 96, 20), Finding(1, None, Code.S_ZERO, 100, 196, 25)
    joined = Finding(1, None, Code.S_ZERO, 20, 196, 45)
    assert reconcile([stored(old)], [new], WINDOW, 4) == Changes([], [stored(joined)])


def test_reconcile__run_broken_inside_the_window__becomes_two() -> None:
    changes = reconcile([stored(zeros(20, 300))], [zeros(100, 140), zeros(150, 199)], WINDOW, 1)
    assert changes == Changes([zeros(150, 300)], [stored(zeros(20, 140))])


def test_reconcile__run_outside_the_window_alone__stays() -> None:
    assert reconcile([stored(zeros(20, 99))], [], WINDOW, 1) == Changes()


def test_reconcile__cured_finding_that_comes_back__opens_the_same_one() -> None:
    assert reconcile([stored(night(110, 120), "closed")], [night(110, 120)], WINDOW, 1).changed == [
        stored(night(110, 120))
    ]


def test_reconcile__dismissed_finding__stays_dismissed_when_it_grows() -> None:
    changes = reconcile([stored(zeros(110, 150), "dismissed")], [zeros(110, 160)], WINDOW, 1)
    assert changes == Changes([], [stored(zeros(110, 160), "dismissed")])


def test_reconcile__finding_of_another_channel__is_its_own() -> None:
    other = zeros(110, 120)._replace(channel_id=2)
    assert reconcile([stored(zeros(110, 120))], [zeros(110, 120), other], WINDOW, 1) == Changes([other], [])


def test_reconcile__two_days_beside_each_other__are_two_findings() -> None:
    found = [night(110, 119), night(120, 125)]
    assert reconcile([], found, WINDOW, 1).added == found


def test_reconcile__finding_of_another_extent__keeps_its_anomaly() -> None:
    changes = reconcile([stored(night(110, 112))], [night(111, 115, 3)], WINDOW, 1)
    assert changes == Changes([], [stored(night(111, 115, 3))])
