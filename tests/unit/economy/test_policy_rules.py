"""Which published rule is in force at a moment."""

import pytest

from gettone.economy.policy import Published, rules_at

pytestmark = pytest.mark.unit

FIRST = Published(0, 0, "first")


def names(at_s: int, *more: Published[str]) -> tuple[str | None, str | None]:
    rules = rules_at([FIRST, *more], at_s)
    return (rules.current and rules.current.value, rules.scheduled and rules.scheduled.value)


def test_rules_at__change_that_waits__is_scheduled_until_it_applies() -> None:
    change = Published(10, 100, "second")
    assert [names(at, change) for at in (5, 10, 99, 100)] == [
        ("first", None),
        ("first", "second"),
        ("first", "second"),
        ("second", None),
    ]


def test_rules_at__another_change_before_it_applies__replaces_it() -> None:
    assert names(150, Published(10, 100, "second"), Published(20, 200, "third")) == ("first", "third")


def test_rules_at__change_after_one_applied__leaves_it_in_force() -> None:
    assert names(150, Published(10, 100, "second"), Published(110, 200, "third")) == ("second", "third")


def test_rules_at__nothing_published__nothing() -> None:
    assert rules_at([], 7).current is None
