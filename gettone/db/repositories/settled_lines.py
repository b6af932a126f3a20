"""Lines of a member in closed settlements, forgotten: what is on chain stays provable, nothing else stays (§4 N)."""

import json
import secrets
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, select, update

from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.tables import Gate, Settlement, SettlementMember, SettlementSeries
from gettone.errors import Conflict, InputError
from gettone.jcs import canonical
from gettone.notary.leaves import TOMBSTONE, decode_assignment, decode_roster
from gettone.notary.tree import leaf_hash

HASH_BYTES = 32
_NO_BLIND = bytes(32)
_FLAGS = slice(10, 12)  # of an assignment leaf
_AT_REST = (SettlementState.HELD.value, SettlementState.CLOSED.value)


def hash_of_stored(leaf: bytes) -> bytes:
    """The leaf hash of a stored leaf; of an erased one the 32 bytes of its hash alone are stored."""
    return leaf if len(leaf) == HASH_BYTES else leaf_hash(leaf)


def is_erased_leaf(leaf: bytes) -> bool:
    """Whether a stored assignment leaf is that of an erased member: its hash alone, or a tombstone."""
    return len(leaf) == HASH_BYTES or bool(int.from_bytes(leaf[_FLAGS], "big") & TOMBSTONE)


class SettledLines:
    """Forgets a member in settlements and gate reports."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def forget(self, member_id: str, community_id: int) -> int:
        """Turn each line of a member into hashes under the hash of its leaf; how many.

        Amounts stay, as they are public on chain, and so does what a tombstone repeats (LECN-1 §4): scores, and the
        leaves without their blinds, which no reading reproduces.  Wallet, inputs, trace and series go.  Conflict
        `settlement_unfinished` while a settlement of the community is under way: it must see the whole roster.
        """
        self.require_closed(community_id)
        query = select(
            SettlementMember.settlement_id,
            SettlementMember.leaf_index,
            SettlementMember.assignment_leaf,
            SettlementMember.roster_leaf,
        ).where(SettlementMember.member_id == member_id)
        lines = self._connection.execute(query).all()
        for settlement_id, leaf_index, assignment, roster in lines:
            self._forget_line(settlement_id, leaf_index, bytes(assignment or b""), bytes(roster or b""))
        self._forget_reports(member_id, community_id)
        return len(lines)

    def require_closed(self, community_id: int) -> None:
        """Conflict `settlement_unfinished` while a settlement of the community is under way."""
        query = select(Settlement.period_index).where(
            Settlement.community_id == community_id, Settlement.state.not_in(_AT_REST)
        )
        under_way = self._connection.execute(query).scalars().first()
        if under_way is not None:
            raise Conflict(
                "settlement_unfinished",
                f"the settlement of period {under_way} is under way: run it to its end, then erase the member",
            )

    def _forget_line(self, settlement_id: int, leaf_index: int, assignment: bytes, roster: bytes) -> None:
        key = (SettlementSeries.settlement_id == settlement_id, SettlementSeries.leaf_index == leaf_index)
        self._connection.execute(delete(SettlementSeries).where(*key))
        values: dict[str, Any] = {
            # The hash is the same in the databases of all operators, whose rosters have one order.
            "member_id": hash_of_stored(assignment).hex() if assignment else secrets.token_hex(HASH_BYTES),
            "bare_leaves": _bare(assignment, roster),
            "wallet": None,
            "trace": "",
            "inputs_json": None,
            "data_root": None,
            "assignment_leaf": hash_of_stored(assignment),
            "roster_leaf": hash_of_stored(roster),
        }
        line = (SettlementMember.settlement_id == settlement_id, SettlementMember.leaf_index == leaf_index)
        self._connection.execute(update(SettlementMember).where(*line).values(**values))

    def _forget_reports(self, member_id: str, community_id: int) -> None:
        """Gate reports lose the member's line; their SHA-256, a committed parameter, stays as it was."""
        gates = select(Gate.period_index, Gate.revision, Gate.report).where(Gate.community_id == community_id)
        for period_index, revision, report in self._connection.execute(gates).all():
            if member_id in report:
                key = (
                    Gate.community_id == community_id,
                    Gate.period_index == period_index,
                    Gate.revision == revision,
                )
                self._connection.execute(update(Gate).where(*key).values(report=_without(report, member_id)))
        settled = select(Settlement.settlement_id, Settlement.gate_report_json).where(
            Settlement.community_id == community_id
        )
        for settlement_id, report in self._connection.execute(settled).all():
            if member_id in report:
                chosen = update(Settlement).where(Settlement.settlement_id == settlement_id)
                self._connection.execute(chosen.values(gate_report_json=_without(report, member_id)))


def _bare(assignment: bytes, roster: bytes) -> bytes | None:
    """Both leaves with zeros for their blinds; None where they are not leaves."""
    try:
        leaves = (
            replace(decode_assignment(assignment), blind=_NO_BLIND),
            replace(decode_roster(roster), blind=_NO_BLIND),
        )
    except InputError:
        return None
    return leaves[0].encode() + leaves[1].encode()


def _without(report: str, member_id: str) -> str:
    return canonical(_pruned(json.loads(report), member_id)).decode()


def _pruned(value: Any, member_id: str) -> Any:
    """A document without the entries of its lists that name a member."""
    if isinstance(value, dict):
        return {name: _pruned(one, member_id) for name, one in value.items()}
    if isinstance(value, list):
        kept = (one for one in value if one != member_id and not (isinstance(one, dict) and _names(one, member_id)))
        return [_pruned(one, member_id) for one in kept]
    return value


def _names(entry: dict[str, Any], member_id: str) -> bool:
    return entry.get("member_id") == member_id
