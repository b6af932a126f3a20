"""Acts of members on their way to the chain: stored before anything is sent, and found again by what was signed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, or_, select, update

from gettone.db.id_lists import among_digests
from gettone.db.tables import MemberAct
from gettone.economy.acts import TRANSFER


class ActState(StrEnum):
    """Waiting for the chain, done there, or refused by it."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ActRow:
    """An act, as the table has it; `document` as an object."""

    act_id: str
    community_id: int
    member_id: str
    wallet: str
    kind: str
    once: bytes
    is_relayed: bool
    document: Mapping[str, Any]
    receiver: str | None
    units: int | None
    memo: str | None
    operation_id: str
    state: ActState
    tx_hash: bytes | None
    block_number: int | None
    created_at: int


@dataclass(frozen=True, slots=True)
class MemberActs:
    """Reads and writes `member_acts`; instants in unix ms."""

    connection: Connection

    def add(self, row: ActRow) -> None:
        """Store an act that waits."""
        self.connection.execute(insert(MemberAct).values(**asdict(row) | {"document": json.dumps(row.document)}))

    def get(self, act_id: str) -> ActRow:
        """An act that is known to be there."""
        return _act(self.connection.execute(_ACT.where(MemberAct.act_id == act_id)).one())

    def find(self, community_id: int, wallet: str, once: bytes) -> ActRow | None:
        """The act of a wallet that was told before."""
        mine = (MemberAct.community_id == community_id, MemberAct.wallet == wallet, MemberAct.once == once)
        row = self.connection.execute(_ACT.where(*mine)).one_or_none()
        return None if row is None else _act(row)

    def relayed_since(self, community_id: int, member_id: str, since_ms: int) -> int:
        """How many acts were carried for a member from an instant on."""
        query = select(func.count()).where(
            MemberAct.community_id == community_id,
            MemberAct.member_id == member_id,
            MemberAct.created_at >= since_ms,
            MemberAct.is_relayed.is_(True),
        )
        return self.connection.execute(query).scalar_one()

    def pending_units(self, community_id: int, wallets: Sequence[str], block_number: int) -> int:
        """What transfers that are not indexed at a block will change in the balance of some wallets together."""
        mine, theirs = MemberAct.wallet.in_(wallets), MemberAct.receiver.in_(wallets)
        is_open = or_(MemberAct.state == ActState.WAITING.value, MemberAct.block_number > block_number)
        query = _ACT.where(
            MemberAct.community_id == community_id, MemberAct.kind == TRANSFER, is_open, or_(mine, theirs)
        ).where(MemberAct.state != ActState.FAILED.value)
        total = 0
        for row in self.connection.execute(query):
            total += int(row.units) * ((row.receiver in wallets) - (row.wallet in wallets))
        return total

    def memos(self, community_id: int, tx_hashes: Sequence[bytes]) -> dict[bytes, str]:
        """The words that went with transfers, by transaction."""
        query = select(MemberAct.tx_hash, MemberAct.memo).where(
            MemberAct.community_id == community_id,
            among_digests(self.connection, MemberAct.tx_hash, tx_hashes),
            MemberAct.state == ActState.DONE.value,
            MemberAct.memo.is_not(None),
        )
        return {bytes(tx_hash): memo for tx_hash, memo in self.connection.execute(query) if tx_hash and memo}

    def end(self, act_id: str, state: ActState, tx_hash: bytes | None, block_number: int | None) -> None:
        """It is on chain, or was refused."""
        values = {"state": state.value, "tx_hash": tx_hash, "block_number": block_number}
        self.connection.execute(update(MemberAct).where(MemberAct.act_id == act_id).values(**values))


_ACT: Select[*tuple[Any, ...]] = select(*MemberAct.__table__.columns)


def _act(row: Row[Any]) -> ActRow:
    values = dict(row._mapping)
    values |= {"document": json.loads(row.document), "state": ActState(row.state), "once": bytes(row.once)}
    return ActRow(**values | {"tx_hash": None if row.tx_hash is None else bytes(row.tx_hash)})
