"""Periods whose readings are frozen, and the revisions that late rows ask for (metering specification §4 V20, §8)."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from sqlalchemy import Connection, func, select

from gettone.db.columns import SLOT_S
from gettone.db.repositories.gates import GateRow, Gates
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.tables import Channel, DeviceMember, Reading, Settlement, UserCommunity
from gettone.jcs import canonical
from gettone.metering.gate.decision import GateState
from gettone.metering.gate.late import FrozenPeriod, WantedRevision

REVISION_SCHEMA = "gettone.revision/1"
_OPEN_SLOT = 2**31 - 1
_PER_QUERY = 5_000


class FrozenPeriods:
    """Reads what is frozen over the slots [from_slot, to_slot), and marks the next revision as wanted."""

    def __init__(self, connection: Connection, from_slot: int, to_slot: int) -> None:
        self._connection = connection
        self._from_slot, self._to_slot = from_slot, to_slot

    def periods(self) -> tuple[FrozenPeriod, ...]:
        """The latest revision of each period with a settlement, in any community, that touches the range.

        A stored settlement has frozen its period unless it is held; one that is withdrawn is not stored any more.
        """
        query = (
            select(
                Settlement.community_id,
                Settlement.period_index,
                func.max(Settlement.revision),
                func.min(Settlement.period_start_s),
                func.max(Settlement.period_end_s),
                func.max(Settlement.computed_at),
            )
            .where(
                Settlement.period_start_s < self._to_slot * SLOT_S,
                Settlement.period_end_s > self._from_slot * SLOT_S,
                Settlement.state != SettlementState.HELD.value,
            )
            .group_by(Settlement.community_id, Settlement.period_index)
        )
        return tuple(
            FrozenPeriod(*row[:3], row[3] // SLOT_S, row[4] // SLOT_S, row[5] // 1000)
            for row in self._connection.execute(query)
        )

    def holdings(self, channel_ids: Sequence[int]) -> tuple[tuple[int, int, int, int], ...]:
        """Over which slots these channels count in which community: (channel, community, from_slot, to_slot)."""
        query = (
            select(Channel.channel_id, UserCommunity.community_id, DeviceMember.valid_from, DeviceMember.valid_to)
            .join(DeviceMember, DeviceMember.device_id == Channel.device_id)
            .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
        )
        parts = (query.where(Channel.channel_id.in_(part)) for part in _parts(channel_ids))
        rows = (row for part in parts for row in self._connection.execute(part))
        return tuple((row[0], row[1], row[2], _OPEN_SLOT if row[3] is None else row[3]) for row in rows)

    def accepted_rows(self, batch_id: int, channel_ids: Sequence[int]) -> tuple[tuple[int, int], ...]:
        """(channel, slot) of the values that a batch made current in the range."""
        query = select(Reading.channel_id, Reading.slot).where(
            Reading.slot >= self._from_slot, Reading.slot < self._to_slot, Reading.batch_id == batch_id
        )
        parts = (query.where(Reading.channel_id.in_(part)) for part in _parts(channel_ids))
        return tuple((row[0], row[1]) for part in parts for row in self._connection.execute(part))

    def want(self, revision: WantedRevision) -> None:
        """Mark a revision as wanted: its gate is open; one that is wanted or under way already stays as it is."""
        gates = Gates(self._connection)
        if gates.find(revision.community_id, revision.period_index, revision.revision) is not None:
            return
        report = canonical({"schema": REVISION_SCHEMA, "not_before_s": str(revision.not_before_s)}).decode()
        gates.put(
            GateRow(
                community_id=revision.community_id,
                period_index=revision.period_index,
                revision=revision.revision,
                state=GateState.OPEN.value,
                freeze_batch=None,
                report=report,
                report_sha256=sha256(report.encode()).digest(),
            )
        )


def _parts(channel_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (channel_ids[first : first + _PER_QUERY] for first in range(0, len(channel_ids), _PER_QUERY))
