"""Who spoke for a revision, or for sending a settlement: kept with the period, whatever becomes of its rows."""

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from gettone.db.tables import SettlementApproval


class Act(StrEnum):
    """What persons approve."""

    REVISE = "revise"
    APPROVE = "approve"


class ApprovalRow(NamedTuple):
    """One person's word; `approved_at` in unix ms."""

    operator: str
    reason: str
    approved_at: int


class Approvals:
    """Reads and writes `settlement_approvals`; a place is community id, period index and revision."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, place: tuple[int, int, int], act: Act) -> tuple[ApprovalRow, ...]:
        """The persons who spoke, in that order."""
        query = select(SettlementApproval.operator, SettlementApproval.reason, SettlementApproval.approved_at).where(
            SettlementApproval.community_id == place[0],
            SettlementApproval.period_index == place[1],
            SettlementApproval.revision == place[2],
            SettlementApproval.act == act.value,
        )
        rows = self._connection.execute(query.order_by(SettlementApproval.approved_at, SettlementApproval.operator))
        return tuple(ApprovalRow(*row) for row in rows)

    def forget(self, place: tuple[int, int, int], act: Act) -> None:
        """Forget what persons said of a settlement that is taken back."""
        self._connection.execute(
            delete(SettlementApproval).where(
                SettlementApproval.community_id == place[0],
                SettlementApproval.period_index == place[1],
                SettlementApproval.revision == place[2],
                SettlementApproval.act == act.value,
            )
        )

    def add(self, place: tuple[int, int, int], act: Act, row: ApprovalRow) -> None:
        """Store one person's word; the same person again changes nothing."""
        if row.operator in {one.operator for one in self.of(place, act)}:
            return
        names = ("community_id", "period_index", "revision")
        values = dict(zip(names, place, strict=True)) | {"act": act.value, **row._asdict()}
        self._connection.execute(insert(SettlementApproval).values(**values))
