"""Half-open validity intervals that must not overlap, and the rows of tables that have them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, select

from gettone.db.bulk import insert_rows, raw_rows, update_rows
from gettone.db.columns import Hex32
from gettone.db.id_lists import among, among_digests
from gettone.errors import Conflict, InputError

_OPEN = 1 << 62


@dataclass(frozen=True, slots=True)
class Validity:
    """A table of intervals: `owner` names the column of whose they are, `what` says so in words, with the id in {}.

    facts: columns that are stated for an interval.  fixed: those of them that make it another one, so that they
    cannot be stated again.
    """

    table: Table
    owner: str
    what: str
    facts: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of a row to state: owner, first slot, end, facts."""
        return (self.owner, "valid_from", "valid_to", *self.facts)


def state_intervals(connection: Connection, kind: Validity, rows: Sequence[tuple[Any, ...]]) -> None:
    """State intervals from their first slots on: one that begins there gets the stated end and facts, others are new.

    rows: as `kind.columns`.  Raises as `refuse_overlap` for the first that is empty or overlaps another of its owner,
    stored or stated before; nothing is written then.
    """
    stored = _stored(connection, kind, {row[0] for row in rows})
    new: dict[tuple[Any, int], tuple[Any, ...]] = {}
    changed: dict[tuple[Any, int], tuple[Any, ...]] = {}
    fixed = [kind.columns.index(name) for name in kind.fixed]
    for row in rows:
        own, key = stored[row[0]], row[:2]
        others = [
            (one[1], one[2]) for one in own.values() if one[1] != row[1] or any(one[at] != row[at] for at in fixed)
        ]
        refuse_overlap(kind.what.format(row[0]), (row[1], row[2]), others)
        if row[1] not in own or key in new:
            new[key] = row
        elif own[row[1]] != row:
            changed[key] = row
        own[row[1]] = row
    insert_rows(connection, kind.table.name, kind.columns, raw_rows(kind.table, kind.columns, new.values()))
    update_rows(connection, kind.table, kind.columns[:2], kind.columns[2:], list(changed.values()))


def _stored(connection: Connection, kind: Validity, owners: set[Any]) -> dict[Any, dict[int, tuple[Any, ...]]]:
    found: dict[Any, dict[int, tuple[Any, ...]]] = defaultdict(dict)
    columns = [kind.table.c[name] for name in kind.columns]
    if isinstance(columns[0].type, Hex32):
        chosen = among_digests(connection, columns[0], map(bytes.fromhex, owners))
    else:
        chosen = among(connection, columns[0], sorted(owners))
    for row in connection.execute(select(*columns).where(chosen)):
        found[row[0]][row[1]] = tuple(row)
    return found


def refuse_overlap(what: str, new: tuple[int, int | None], others: Iterable[tuple[int, int | None]]) -> None:
    """InputError when `new` [from, to) is empty, Conflict when it overlaps one of `others`; in slots."""
    start, end = new[0], _OPEN if new[1] is None else new[1]
    if start >= end:
        raise InputError("interval_empty", f"{what}: the end, slot {new[1]}, is not after the start, slot {start}")
    for other_start, other_end in others:
        if start < (_OPEN if other_end is None else other_end) and other_start < end:
            raise Conflict(
                "interval_overlap",
                f"{what} from slot {start} overlaps the one from slot {other_start}: end that one first",
            )
