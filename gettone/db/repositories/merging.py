"""A batch's values into `readings` and `reading_versions` in one go: staging, anti-join, replacement (§2, V13)."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, text

from gettone.db.columns_copy import Columns, copy_columns
from gettone.db.partitions import ensure_partitions
from gettone.db.repositories import merge_statements as sql
from gettone.db.repositories.readings import Readings
from gettone.errors import CheckFailed
from gettone.metering.received import Int32Array
from gettone.metering.rules.merge import BatchStamp, Decisions, Rivals, decide_columns
from gettone.metering.rules.versions import NewVersion
from gettone.metering.values import HeldState, HeldValues, Values
from gettone.types import Quality


@dataclass(frozen=True, slots=True)
class MergeCounts:
    """What the accepted values of a batch did: they sum to their number."""

    new: int = 0
    changed: int = 0
    confirmed: int = 0
    equal: int = 0
    older: int = 0
    missing: int = 0


class Merging:
    """Merges the values of one batch; needs a transaction that is alone on their channels."""

    def __init__(self, connection: Connection, stamp: BatchStamp) -> None:
        self._connection = connection
        self._stamp = stamp

    def merge(self, accepted: Values, held: HeldValues) -> MergeCounts:
        """Rule V13 for accepted values, and versions that wait for held ones.

        1. the channels exist and stay   2. an empty box takes the values straight
        3. else: staged, new ones by anti-join, the others against the current ones   4. held values kept once
        Raises CheckFailed when a channel is not registered (no foreign key checks each row of these tables).
        """
        if not len(accepted) and not len(held):
            return MergeCounts()
        slots = np.concatenate([accepted.slot, held.values.slot])
        first, last = int(slots.min()), int(slots.max())
        ensure_partitions(self._connection, first, last)
        self._hold_channels(np.unique(np.concatenate([accepted.channel_id, held.values.channel_id])))
        counts = self._merge_accepted(accepted) if len(accepted) else MergeCounts()
        self._keep_held(held)
        return counts

    def _hold_channels(self, channel_ids: Int32Array) -> None:
        ids = channel_ids.tolist()
        found = self._connection.execute(text(sql.channels(self._dialect)), {"ids": sql.id_list(self._dialect, ids)})
        known = len(found.all())
        if known != len(ids):
            raise CheckFailed("channel_unknown", f"{len(ids) - known} channels of the batch are not registered")

    def _merge_accepted(self, values: Values) -> MergeCounts:
        missing = int((values.quality == Quality.MISSING).sum())
        box = {
            "ids": sql.id_list(self._dialect, np.unique(values.channel_id).tolist()),
            "first": int(values.slot.min()),
            "last": int(values.slot.max()),
            "batch": self._stamp.batch_id,
        }
        kept_beside = self._any(sql.VERSIONS_IN_BOX, box)
        if not kept_beside and not self._any(sql.READINGS_IN_BOX, box):
            self._add(values)
            return MergeCounts(new=len(values) - missing, missing=missing)
        self._stage(values)
        self._run(sql.COMPARE, box)
        rivals = self._rivals()
        missing_new = self._count(sql.MISSING_NEW, box) if missing else 0
        added = self._run(sql.ADD_NEW_AFTER_VERSIONS if kept_beside else sql.ADD_NEW, box)
        decided = decide_columns(rivals)
        self._replace(rivals, decided)
        self._keep_older(rivals, decided)
        return _counts(rivals, decided, new=added - missing_new, missing=missing, total=len(values))

    def _add(self, values: Values) -> None:
        columns: Columns = {
            "channel_id": ("i4", values.channel_id),
            "slot": ("i4", values.slot),
            "wh": ("i4", values.wh),
            "quality": ("i2", values.quality),
            "rank": ("i2", values.rank),
            "version": ("i2", 1),
            "batch_id": ("i4", self._stamp.batch_id),
        }
        copy_columns(self._connection, "readings", columns)

    def _stage(self, values: Values) -> None:
        for statement in sql.staging(self._dialect):
            self._connection.execute(text(statement))
        columns: Columns = {
            "channel_id": ("i4", values.channel_id),
            "slot": ("i4", values.slot),
            "wh": ("i4", values.wh),
            "quality": ("i2", values.quality),
            "rank": ("i2", values.rank),
        }
        copy_columns(self._connection, "merge_staging", columns)
        self._connection.execute(text("ANALYZE merge_staging"))

    def _rivals(self) -> Rivals:
        """Staged values that say something else than the current ones, or the same with better right."""
        found = self._connection.execute(text(sql.RIVALS)).all()
        table = np.array([tuple(row) for row in found], np.int64).reshape(-1, 11)
        ids, slots = table[:, 0].astype(np.int32), table[:, 1].astype(np.int32)
        received, current = (
            Values(ids, slots, table[:, at], table[:, at + 1].astype(np.int8), table[:, at + 2].astype(np.int16))
            for at in (2, 5)
        )
        batch_id = table[:, 9].astype(np.int32)
        orders = self._orders(np.unique(batch_id).tolist())
        newer = np.array([self._stamp.order > orders[one] for one in batch_id.tolist()], np.bool_)
        return Rivals(received, current, table[:, 8].astype(np.int16), table[:, 10].astype(np.int16), batch_id, newer)

    def _orders(self, batch_ids: list[int]) -> dict[int, tuple[int, bytes]]:
        statement = text(sql.ORDERS[self._dialect])
        rows = self._connection.execute(statement, {"ids": sql.id_list(self._dialect, batch_ids)})
        return {batch_id: (received_at, bytes(sha256 or b"")) for batch_id, received_at, sha256 in rows}

    def _replace(self, rivals: Rivals, decided: Decisions) -> None:
        chosen = decided.confirms | decided.changes
        if not chosen.any():
            return
        for statement in sql.replacing(self._dialect):
            self._connection.execute(text(statement))
        columns: Columns = {
            "channel_id": ("i4", rivals.received.channel_id[chosen]),
            "slot": ("i4", rivals.received.slot[chosen]),
            "wh": ("i4", rivals.received.wh[chosen]),
            "quality": ("i2", decided.quality[chosen]),
            "rank": ("i2", rivals.received.rank[chosen]),
            "version": ("i2", rivals.next_version()[chosen]),
        }
        copy_columns(self._connection, "merge_replacing", columns)
        self._run(sql.KEEP_SUPERSEDED, {})
        self._run(sql.REPLACE, {"batch": self._stamp.batch_id})

    def _keep_older(self, rivals: Rivals, decided: Decisions) -> None:
        chosen = np.flatnonzero(decided.older).tolist()
        numbers, one = rivals.next_version(), rivals.received
        rows = [
            NewVersion(
                int(one.channel_id[at]), int(one.slot[at]), int(numbers[at]), int(one.wh[at]), int(one.quality[at]),
                int(one.rank[at]), self._stamp.batch_id, "older",
            )
            for at in chosen
        ]  # fmt: skip
        Readings(self._connection).add_versions(rows)

    def _keep_held(self, held: HeldValues) -> None:
        """The same value may come again, in this file or another: one person decides once."""
        if not len(held):
            return
        readings, values = Readings(self._connection), held.values
        box = (np.unique(values.channel_id).tolist(), int(values.slot.min()), int(values.slot.max()) + 1)
        waiting, numbers = readings.held_back(*box), readings.last_versions(*box)
        current = readings.current(*box)
        rows = []
        for *fields, state in zip(*(one.tolist() for one in (*values.columns(), held.state)), strict=True):
            channel_id, slot, wh, quality, rank = fields
            if (channel_id, slot, wh, rank) in waiting:
                continue
            waiting.add((channel_id, slot, wh, rank))
            key = (channel_id, slot)
            numbers[key] = max(numbers.get(key, 0), current[key].version if key in current else 0) + 1
            batch_id, name = self._stamp.batch_id, HeldState(state).name.lower()
            rows.append(NewVersion(channel_id, slot, numbers[key], wh, quality, rank, batch_id, name))
        readings.add_versions(rows)

    @property
    def _dialect(self) -> str:
        return self._connection.dialect.name

    def _any(self, statements: dict[str, str], box: dict[str, object]) -> bool:
        return self._connection.execute(text(statements[self._dialect]), box).first() is not None

    def _count(self, statement: str, box: dict[str, object]) -> int:
        return int(self._connection.execute(text(statement), box).scalar_one())

    def _run(self, statement: str, values: dict[str, object]) -> int:
        return int(self._connection.execute(text(statement), values).rowcount)


def _counts(rivals: Rivals, decided: Decisions, *, new: int, missing: int, total: int) -> MergeCounts:
    """Declared gaps count as missing whatever they did; a staged value that met an equal one is no rival at all."""
    valued = rivals.received.quality != Quality.MISSING
    changed, confirmed, older = (
        int((one & valued).sum()) for one in (decided.changes, decided.confirms, decided.older)
    )
    return MergeCounts(
        new=new,
        changed=changed,
        confirmed=confirmed,
        equal=total - missing - new - changed - confirmed - older,
        older=older,
        missing=missing,
    )
