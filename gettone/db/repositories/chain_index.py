"""The index of a community's chain events: events, balances and cursor move together, in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache

from sqlalchemy import Connection, Numeric, cast, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from gettone.chain.index.events import ChainEvent
from gettone.chain.index.ranges import Block
from gettone.db.bulk import insert_rows
from gettone.db.id_lists import among_texts
from gettone.db.tables import ChainBlock, ChainCursor, TokenBalance
from gettone.db.tables import ChainEvent as EventTable
from gettone.errors import Conflict

_EVENT_COLUMNS = (
    "community_id",
    "block_number",
    "log_index",
    "tx_hash",
    "contract",
    "event",
    "topic1",
    "topic2",
    "topic3",
    "args",
)
StoredEvent = tuple[int | str | bytes | None, ...]
"""A row of `chain_events` without the community, its columns in their order."""


@dataclass(frozen=True, slots=True)
class CursorRow:
    """The last block indexed, and how many events there are up to it; `token` is the contract set's (EIP-55)."""

    token: str
    block_number: int
    block_hash: bytes
    time_s: int
    event_count: int
    unknown_count: int


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """Base units of a wallet and the block that changed them last."""

    units: int
    block_number: int


class ChainIndex:
    """Reads and writes the four tables of one community's index."""

    def __init__(self, connection: Connection, community_id: int) -> None:
        self._connection = connection
        self._community_id = community_id

    def cursor(self) -> CursorRow | None:
        """How far the index is, None before its first range."""
        columns = (getattr(ChainCursor, name) for name in CursorRow.__slots__)
        row = self._connection.execute(
            select(*columns).where(ChainCursor.community_id == self._community_id)
        ).one_or_none()
        return None if row is None else CursorRow(*row)

    def move(self, before: CursorRow | None, after: CursorRow) -> None:
        """Move the cursor; first in the transaction of a range, so that whoever else indexes waits or is refused.

        Conflict `indexer_running` when the cursor is not where it was read.
        """
        try:
            with self._connection.begin_nested():
                moved = self._moved(before, after)
        except IntegrityError:
            moved = False
        if not moved:
            raise Conflict(
                "indexer_running",
                "the cursor of the event index moved meanwhile: another indexer is at work on this community, "
                "and one is enough",
            )

    def _moved(self, before: CursorRow | None, after: CursorRow) -> bool:
        values = asdict(after)
        if before is None:
            self._connection.execute(insert(ChainCursor).values(community_id=self._community_id, **values))
            return True
        place = (ChainCursor.community_id == self._community_id, ChainCursor.block_number == before.block_number)
        return self._connection.execute(update(ChainCursor).where(*place).values(**values)).rowcount == 1

    def forget(self) -> None:
        """Remove the whole index of the community: the chain has it, and a run reads it again."""
        for table in (ChainCursor, EventTable, ChainBlock, TokenBalance):
            self._connection.execute(delete(table).where(table.community_id == self._community_id))

    def add_blocks(self, blocks: Sequence[Block]) -> None:
        """Store the blocks of a range that have events."""
        rows = [(self._community_id, one.number, bytes_of(one.hash), one.time_s) for one in blocks]
        insert_rows(self._connection, "chain_blocks", ("community_id", "block_number", "block_hash", "time_s"), rows)

    def add_events(self, events: Sequence[ChainEvent]) -> None:
        """Store the events of a range."""
        rows = [(self._community_id, *stored_event(one)) for one in events]
        insert_rows(self._connection, "chain_events", _EVENT_COLUMNS, rows)

    def balances(self, wallets: Sequence[str]) -> dict[str, BalanceRow]:
        """What is stored of some wallets (EIP-55); nothing for one that never had tokens."""
        query = select(TokenBalance.wallet, TokenBalance.units, TokenBalance.block_number).where(
            TokenBalance.community_id == self._community_id,
            among_texts(self._connection, TokenBalance.wallet, wallets),
        )
        return {wallet: BalanceRow(units, block) for wallet, units, block in self._connection.execute(query)}

    def all_balances(self) -> dict[str, BalanceRow]:
        """What is stored of all wallets."""
        query = select(TokenBalance.wallet, TokenBalance.units, TokenBalance.block_number)
        rows = self._connection.execute(query.where(TokenBalance.community_id == self._community_id))
        return {wallet: BalanceRow(units, block) for wallet, units, block in rows}

    def put_balances(self, balances: Mapping[str, BalanceRow]) -> None:
        """Store balances in the place of what was known of the same wallets."""
        place = among_texts(self._connection, TokenBalance.wallet, balances)
        self._connection.execute(delete(TokenBalance).where(TokenBalance.community_id == self._community_id, place))
        rows = [
            (self._community_id, wallet, str(one.units), one.block_number) for wallet, one in sorted(balances.items())
        ]
        insert_rows(self._connection, "token_balances", ("community_id", "wallet", "units", "block_number"), rows)

    def total_units(self) -> int:
        """Sum of all stored balances."""
        mine = TokenBalance.community_id == self._community_id
        if self._connection.dialect.name == "postgresql":
            total = func.coalesce(func.sum(cast(TokenBalance.units, Numeric)), 0)
            return int(self._connection.execute(select(total).where(mine)).scalar_one())
        # SQLite would add the decimal texts up as floating point numbers.
        return sum(self._connection.execute(select(TokenBalance.units).where(mine)).scalars())

    def block_hashes(self, first: int, last: int) -> dict[int, bytes]:
        """Hashes of the stored blocks of a range, by number."""
        query = select(ChainBlock.block_number, ChainBlock.block_hash).where(
            ChainBlock.community_id == self._community_id, ChainBlock.block_number.between(first, last)
        )
        return {number: bytes(block_hash) for number, block_hash in self._connection.execute(query)}

    def events(self, first: int, last: int) -> Iterator[StoredEvent]:
        """The stored events of a range of blocks, in chain order."""
        columns = [getattr(EventTable, name) for name in _EVENT_COLUMNS[1:]]
        query = select(*columns).where(
            EventTable.community_id == self._community_id, EventTable.block_number.between(first, last)
        )
        for row in self._connection.execute(query.order_by(EventTable.block_number, EventTable.log_index)):
            yield tuple(bytes(one) if isinstance(one, memoryview) else one for one in row)


def stored_event(event: ChainEvent) -> StoredEvent:
    """An event as its row, without the community."""
    topics = [bytes.fromhex(topic[2:]) for topic in event.topics[:3]]
    topics_and_none: list[bytes | None] = [*topics, *[None] * (3 - len(topics))]
    return (
        event.block_number,
        event.log_index,
        bytes_of(event.tx_hash),
        event.contract,
        event.event,
        *topics_and_none,
        event.args_json,
    )


@lru_cache(maxsize=4096)
def bytes_of(text: str) -> bytes:
    """The bytes of 0x hex; the events of a transaction share its hash."""
    return bytes.fromhex(text[2:])
