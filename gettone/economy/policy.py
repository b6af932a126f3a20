"""Which of the rules that were published is in force at a moment: a later change replaces one that still waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Published(Generic[T]):
    """A value, when it was published and from when on it applies [unix s]."""

    said_at_s: int
    valid_from_s: int
    value: T


@dataclass(frozen=True, slots=True)
class Rules(Generic[T]):
    """What applies at a moment, and what waits for its own; None where there is none."""

    current: Published[T] | None
    scheduled: Published[T] | None


def rules_at(published: Iterable[Published[T]], at_s: int) -> Rules[T]:
    """The rules at a moment, from what had been published by then, in chain order.

    >>> early, late = Published(0, 0, "a"), Published(10, 100, "b")
    >>> rules_at([early, late], 50).current.value, rules_at([early, late], 100).current.value
    ('a', 'b')
    """
    kept: list[Published[T]] = []
    for one in published:
        if one.said_at_s > at_s:
            break
        kept = [earlier for earlier in kept if earlier.valid_from_s <= one.said_at_s]
        kept.append(one)
    current = [one for one in kept if one.valid_from_s <= at_s]
    waiting = [one for one in kept if one.valid_from_s > at_s]
    return Rules(current[-1] if current else None, waiting[-1] if waiting else None)
