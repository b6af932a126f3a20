"""The quality gate of metering §8."""

import pytest

from gettone.errors import Held, MissingInput
from oracle.settle.gate import Coverage, GateReport, examine

pytestmark = pytest.mark.unit
END_S = 1_475_305_200
DAY_S = 86_400


def examine_one(expected: int, valid: int, days_later: int = 1) -> GateReport:
    return examine((Coverage("0a", expected, valid),), period_end_s=END_S, now_s=END_S + days_later * DAY_S)


@pytest.mark.parametrize(("valid", "permille"), [(601, 899), (602, 901)])
def test_permille__vector_8_1__is_rounded_down(valid: int, permille: int) -> None:
    assert Coverage("0a", 668, valid).permille == permille


@pytest.mark.parametrize(("valid", "passes"), [(12_692, True), (12_691, False)])
def test_examine__vector_8_2__passes_at_950(valid: int, passes: bool) -> None:
    full, rest = divmod(valid, 20)
    coverage = tuple(Coverage(f"{i:02x}", 668, full + (i < rest)) for i in range(20))
    if passes:
        assert examine(coverage, period_end_s=END_S, now_s=END_S).community_permille == 950
    else:
        with pytest.raises(Held, match="949 permille"):
            examine(coverage, period_end_s=END_S, now_s=END_S)


def test_examine__complete_readings__is_ready() -> None:
    assert examine_one(720, 720).state == "ready"


def test_examine__too_few_before_the_deadline__is_held() -> None:
    with pytest.raises(Held) as refusal:
        examine_one(720, 600, days_later=44)
    assert refusal.value.exit_status == 4


def test_examine__too_few_after_the_deadline__is_flagged_incomplete() -> None:
    assert examine_one(720, 600, days_later=45).state == "incomplete"


def test_examine__no_reading_at_all__is_refused() -> None:
    with pytest.raises(MissingInput, match="no readings"):
        examine_one(720, 0, days_later=400)


def test_examine__no_slot_expected__is_ready() -> None:
    assert examine((), period_end_s=END_S, now_s=END_S).state == "ready"


def test_to_document__any_report__holds_strings_only() -> None:
    document = examine_one(720, 719).to_document()
    assert document["members"] == [{"member_id": "0a", "expected_slots": "720", "valid_slots": "719"}]


@pytest.mark.parametrize(("quarantined", "passes"), [(3, True), (4, False)])
def test_examine__quarantine_above_5_permille__is_held(quarantined: int, passes: bool) -> None:
    coverage = (Coverage("0a", 720, 720 - quarantined),)
    if passes:
        assert examine(coverage, period_end_s=END_S, now_s=END_S, quarantined_slots=quarantined).state == "ready"
    else:
        with pytest.raises(Held, match="4 of 720 slots"):
            examine(coverage, period_end_s=END_S, now_s=END_S, quarantined_slots=quarantined)


def test_examine__quarantine_after_the_deadline__counts_as_missing() -> None:
    coverage = (Coverage("0a", 720, 700),)
    late_s = END_S + 45 * DAY_S
    assert examine(coverage, period_end_s=END_S, now_s=late_s, quarantined_slots=20).state == "ready"
