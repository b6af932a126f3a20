"""Reads statements: what the tokens of a holder did, and where a community's tokens are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    and_,
    func,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
)

from gettone.chain.consent import AccountStatus, MemberClass
from gettone.db.id_lists import among_digests
from gettone.db.tables import ChainAgreement, ChainBlock, ChainEvent, TokenBalance, TokenEntry, TokenWallet
from gettone.economy.circulation import Line, Standing
from gettone.economy.reasons import Reason, SystemWallets

Place = tuple[int, int]
"""A block and the index of a log in it."""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A line of a statement; units as in `Entry`, `time_s` that of its block."""

    holder: bytes
    block_number: int
    log_index: int
    tx_hash: bytes
    reason: str
    change_units: int
    fee_units: int
    balance_units: int
    counterparty: str | None
    subject: str | None
    time_s: int


@dataclass(frozen=True, slots=True)
class Between:
    """Which lines: [from_s, to_s) by the time of their blocks (None: open), of some reasons or all."""

    from_s: int | None = None
    to_s: int | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statements:
    """Reads the book of one community."""

    connection: Connection
    community_id: int

    def of_holder(self, holder: bytes, between: Between, before: Place | None, limit: int) -> list[StatementRow]:
        """Lines of a holder, the latest first, from before a place on."""
        return self._lines(between, before, limit, TokenEntry.holder == holder)

    def transfers(self, between: Between, before: Place | None, limit: int) -> list[StatementRow]:
        """Every movement of the community once, the latest first.

        It is the receiving side, or the only one: of a burn, and of a transfer to oneself that cost its fee.
        """
        change, fee = (type_coerce(one, Text) for one in (TokenEntry.change_units, TokenEntry.fee_units))
        alone = (TokenEntry.counterparty.is_(None), change == literal("-") + fee)
        return self._lines(between, before, limit, or_(change.not_like("-%"), *alone))

    def _lines(
        self, between: Between, before: Place | None, limit: int, which: ColumnElement[bool]
    ) -> list[StatementRow]:
        query = self._within(between).where(which)
        if before is not None:
            query = query.where(tuple_(TokenEntry.block_number, TokenEntry.log_index) < before)
        latest = query.order_by(TokenEntry.block_number.desc(), TokenEntry.log_index.desc()).limit(limit)
        return [_line(row) for row in self.connection.execute(latest)]

    def has_given(self, holder: bytes, wallet: str) -> bool:
        """Whether a holder ever transferred to a wallet."""
        query = select(TokenEntry.log_index).where(
            TokenEntry.community_id == self.community_id,
            TokenEntry.holder == holder,
            TokenEntry.counterparty == wallet,
            TokenEntry.reason == Reason.TRANSFER.value,
            type_coerce(TokenEntry.change_units, Text).like("-%"),
        )
        return self.connection.execute(query.limit(1)).scalar() is not None

    def given_units(self, holder: bytes, reason: str, from_s: int) -> int:
        """What a holder gave for a reason from a moment on."""
        query = self._within(Between(from_s, None, (reason,))).where(TokenEntry.holder == holder)
        return -sum(int(row.change_units) for row in self.connection.execute(query))

    def lines(self, from_s: int, to_s: int) -> Iterator[Line]:
        """Every line of a span of time, in chain order, for the figures of circulation."""
        query = self._within(Between(from_s, to_s)).order_by(TokenEntry.block_number, TokenEntry.log_index)
        for row in self.connection.execute(query.execution_options(yield_per=5000)):
            yield Line(row.time_s, bytes(row.holder), row.reason, row.change_units, row.fee_units, row.subject)

    def later_changes(self, from_s: int) -> dict[bytes, int]:
        """How much the balance of each holder changed from a moment on, to take present balances back to it."""
        found: dict[bytes, int] = {}
        for row in self.connection.execute(self._within(Between(from_s))):
            found[bytes(row.holder)] = found.get(bytes(row.holder), 0) + row.change_units
        return found

    def standing(self, system: SystemWallets) -> Standing:
        """Who holds how much now; a holder without tokens is left out."""
        mine = TokenBalance.community_id == self.community_id
        known = {row.wallet: row for row in self._wallets()}
        units: dict[bytes, int] = {}
        query = select(TokenBalance.wallet, TokenBalance.units).where(mine)
        for wallet, held in self.connection.execute(query):
            holder = bytes(known[wallet].holder) if wallet in known else bytes.fromhex(wallet[2:])
            units[holder] = units.get(holder, 0) + held
        classes = {bytes(row.holder): row.member_class for row in known.values() if row.member_class}
        return Standing(units, classes, bytes.fromhex(system.treasury[2:]), bytes.fromhex(system.exchange[2:]))

    def system_wallets(self) -> SystemWallets | None:
        """Treasury and escrow; None before the community's contracts are indexed.

        The token gives the Treasury an active account and the escrow one that only receives; neither ever changes.
        """
        query = select(TokenWallet.status, TokenWallet.wallet).where(
            TokenWallet.community_id == self.community_id, TokenWallet.member_class == MemberClass.SYSTEM.value
        )
        found = {row.status: row.wallet for row in self.connection.execute(query)}
        if AccountStatus.ACTIVE not in found or AccountStatus.LEFT not in found:
            return None
        return SystemWallets(found[AccountStatus.ACTIVE], found[AccountStatus.LEFT])

    def categories(self) -> dict[str, int]:
        """The category of every agreement, by its id as the subjects of lines name it."""
        query = select(ChainAgreement.agreement_id, ChainAgreement.category)
        rows = self.connection.execute(query.where(ChainAgreement.community_id == self.community_id))
        return {"0x" + bytes(agreement_id).hex(): category for agreement_id, category in rows}

    def openings(self, period_indexes: Sequence[int]) -> dict[str, str]:
        """The arguments of the openings of settlements (JSON), by `period.revision`."""
        topics = [number.to_bytes(32, "big") for number in period_indexes]
        query = select(ChainEvent.topic1, ChainEvent.topic2, ChainEvent.args).where(
            ChainEvent.community_id == self.community_id,
            ChainEvent.event == "SettlementOpened",
            among_digests(self.connection, ChainEvent.topic1, topics),
        )
        return {
            f"{int.from_bytes(period, 'big')}.{int.from_bytes(revision, 'big')}": args
            for period, revision, args in self.connection.execute(query)
            if period is not None and revision is not None
        }

    def _wallets(self) -> Sequence[Row[str, bytes, int]]:
        query = select(TokenWallet.wallet, TokenWallet.holder, TokenWallet.member_class)
        return self.connection.execute(query.where(TokenWallet.community_id == self.community_id)).all()

    def _within(self, between: Between) -> Select[*tuple[Any, ...]]:
        place = and_(
            ChainBlock.community_id == TokenEntry.community_id, ChainBlock.block_number == TokenEntry.block_number
        )
        query = select(*_COLUMNS).join(ChainBlock, place).where(TokenEntry.community_id == self.community_id)
        if between.from_s is not None:
            query = query.where(ChainBlock.time_s >= between.from_s, TokenEntry.block_number >= self._first(between))
        if between.to_s is not None:
            query = query.where(ChainBlock.time_s < between.to_s)
        return query.where(TokenEntry.reason.in_(between.reasons)) if between.reasons else query

    def _first(self, between: Between) -> int:
        """The first block at or after the beginning: times grow with blocks, and blocks have an index."""
        query = select(func.min(ChainBlock.block_number)).where(
            ChainBlock.community_id == self.community_id, ChainBlock.time_s >= between.from_s
        )
        return self.connection.execute(query).scalar() or 0


_COLUMNS = (
    TokenEntry.holder,
    TokenEntry.block_number,
    TokenEntry.log_index,
    TokenEntry.tx_hash,
    TokenEntry.reason,
    TokenEntry.change_units,
    TokenEntry.fee_units,
    TokenEntry.balance_units,
    TokenEntry.counterparty,
    TokenEntry.subject,
    ChainBlock.time_s,
)


def _line(row: Row[Any]) -> StatementRow:
    values = tuple(row)
    return StatementRow(bytes(values[0]), values[1], values[2], bytes(values[3]), *values[4:])
