"""Rule V20: what came after its period was frozen, and the revision it asks for."""

from datetime import UTC, datetime

import pytest

from gettone.metering.gate.late import FrozenPeriod, LateRows, late_rows, months_later, wanted_revisions

pytestmark = pytest.mark.unit
FROM, TO, COMMUNITY, CHANNEL = 1_969_248, 1_972_224, 3, 7  # March 2026 in UTC
HELD = [(CHANNEL, COMMUNITY, FROM, TO)]


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def period(revision: int = 0, frozen: str = "2026-04-05") -> FrozenPeriod:
    return FrozenPeriod(COMMUNITY, 0, revision, FROM, TO, at(frozen))


def late(revision: int = 0, frozen: str = "2026-04-05") -> list[LateRows]:
    return [LateRows(CHANNEL, period(revision, frozen), FROM, FROM, 1)]


def test_late_rows__inside_a_frozen_period__are_counted_by_channel() -> None:
    rows = [(CHANNEL, FROM - 1), (CHANNEL, FROM), (CHANNEL, TO - 1), (CHANNEL, TO), (8, FROM)]
    assert late_rows(rows, [period()], HELD) == (LateRows(CHANNEL, period(), FROM, TO - 1, 2),)


def test_late_rows__outside_the_holding__are_late_for_nobody() -> None:
    assert late_rows([(CHANNEL, FROM)], [period()], [(CHANNEL, COMMUNITY, FROM + 4, TO)]) == ()
    assert late_rows([(CHANNEL, FROM)], [period()], [(CHANNEL, COMMUNITY + 1, FROM, TO)]) == ()


def test_wanted_revisions__first_correction__may_follow_at_once() -> None:
    now_s = at("2026-04-06")
    (one,) = wanted_revisions(late(), now_s)
    assert (one.revision, one.not_before_s) == (1, now_s)


def test_wanted_revisions__second_one__waits_a_month_after_the_first() -> None:
    (one,) = wanted_revisions(late(1, "2026-04-20"), at("2026-05-01"))
    assert (one.revision, one.not_before_s) == (2, at("2026-05-20"))


def test_wanted_revisions__several_channels__ask_for_one_revision() -> None:
    assert len(wanted_revisions([*late(), LateRows(8, period(), FROM, FROM, 1)], at("2026-04-06"))) == 1


@pytest.mark.parametrize(("now", "wanted"), [("2031-04-30 23:59", 1), ("2031-05-01 00:00", 0)])
def test_wanted_revisions__after_the_61st_month__are_none(now: str, wanted: int) -> None:
    assert len(wanted_revisions(late(), at(now))) == wanted


def test_months_later__end_of_a_month__is_the_28th_at_the_latest() -> None:
    assert months_later(at("2026-01-31 10:00"), 1) == at("2026-02-28 10:00")
