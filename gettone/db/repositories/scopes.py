"""What a reader may see of communities, as a condition on rows with a community and an instant."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import InstrumentedAttribute


class Scope(NamedTuple):
    """One community in [from_ms, to_ms) [unix ms]; None is open."""

    community_id: int
    from_ms: int | None = None
    to_ms: int | None = None


def within(
    scopes: Iterable[Scope], community: InstrumentedAttribute[Any], at_ms: InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """Whether a row lies in one of the scopes; none of them holds no row."""
    return or_(false(), *(_within(one, community, at_ms) for one in scopes))


def _within(
    scope: Scope, community: InstrumentedAttribute[Any], at_ms: InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    bounds: list[ColumnElement[bool]] = [community == scope.community_id]
    if scope.from_ms is not None:
        bounds.append(at_ms >= scope.from_ms)
    if scope.to_ms is not None:
        bounds.append(at_ms < scope.to_ms)
    return and_(*bounds)
