"""What the index keeps beside the events: statement entries, wallets and agreements; all written by the indexer."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, select, tuple_

from gettone.chain.service_exchange import AgreementState
from gettone.db.bulk import insert_rows
from gettone.db.id_lists import among_digests, among_texts
from gettone.db.repositories.chain_index import bytes_of
from gettone.db.tables import ChainAgreement, ChainAgreementParty, TokenEntry, TokenWallet
from gettone.economy.agreements import AgreementRecord, terms_document, terms_of
from gettone.economy.book import TokenBook, WalletRecord

TABLES = (TokenEntry, TokenWallet, ChainAgreementParty, ChainAgreement)
_ENTRY = (
    "community_id",
    "holder",
    "block_number",
    "log_index",
    "tx_hash",
    "reason",
    "change_units",
    "fee_units",
    "balance_units",
    "counterparty",
    "subject",
)
_WALLET = ("community_id", "wallet", "holder", "member_class", "status", "block_number")
_PARTY = ("community_id", "holder", "proposed_block", "agreement_id")


@dataclass(frozen=True, slots=True)
class TokenBookRows:
    """Reads and writes the book of one community."""

    connection: Connection
    community_id: int

    def wallets(self, named: Iterable[str]) -> dict[str, WalletRecord]:
        """What is known of some wallets (EIP-55), and of the other wallets of their holders."""
        mine = TokenWallet.community_id == self.community_id
        here = _WALLETS.where(mine, among_texts(self.connection, TokenWallet.wallet, named))
        found = dict(_wallet(row) for row in self.connection.execute(here))
        holders = {one.holder for one in found.values()}
        theirs = _WALLETS.where(mine, among_digests(self.connection, TokenWallet.holder, holders))
        return found | dict(_wallet(row) for row in self.connection.execute(theirs))

    def wallets_of(self, holder: bytes) -> dict[str, WalletRecord]:
        """The wallets of a holder, retired ones too, the latest last."""
        query = _WALLETS.where(TokenWallet.community_id == self.community_id, TokenWallet.holder == holder)
        rows = self.connection.execute(query.order_by(TokenWallet.block_number, TokenWallet.wallet))
        return dict(_wallet(row) for row in rows)

    def agreements(self, ids: Iterable[bytes]) -> dict[bytes, AgreementRecord]:
        """Agreements by id; nothing for one that was never proposed."""
        query = _AGREEMENTS.where(
            ChainAgreement.community_id == self.community_id,
            among_digests(self.connection, ChainAgreement.agreement_id, ids),
        )
        return {bytes(row.agreement_id): agreement_of(row) for row in self.connection.execute(query)}

    def agreements_of(
        self, holder: bytes | None, before: tuple[int, bytes] | None, limit: int
    ) -> list[AgreementRecord]:
        """Agreements of a member, or of everybody, the latest first, from before (block of the proposal, id) on."""
        query = _AGREEMENTS.where(ChainAgreement.community_id == self.community_id)
        if holder is not None:
            mine = select(ChainAgreementParty.agreement_id).where(
                ChainAgreementParty.community_id == self.community_id, ChainAgreementParty.holder == holder
            )
            query = query.where(ChainAgreement.agreement_id.in_(mine))
        if before is not None:
            query = query.where(tuple_(ChainAgreement.proposed_block, ChainAgreement.agreement_id) < before)
        latest = query.order_by(ChainAgreement.proposed_block.desc(), ChainAgreement.agreement_id.desc())
        return [agreement_of(row) for row in self.connection.execute(latest.limit(limit))]

    def forget(self) -> None:
        """Remove everything of the community."""
        for table in TABLES:
            self.connection.execute(delete(table).where(table.community_id == self.community_id))

    def store(self, book: TokenBook) -> None:
        """Store what was entered into a book since it was read."""
        self._store_entries(book)
        self._store_wallets(book)
        self._store_agreements(book)

    def _store_entries(self, book: TokenBook) -> None:
        mine = self.community_id
        rows = [
            (
                mine,
                holder,
                block,
                log,
                bytes_of(tx_hash),
                reason.value,
                str(change),
                str(fee),
                str(balance),
                counterparty,
                subject,
            )
            for holder, block, log, tx_hash, reason, change, fee, balance, counterparty, subject in book.entries
        ]
        insert_rows(self.connection, "token_entries", _ENTRY, rows)

    def _store_wallets(self, book: TokenBook) -> None:
        if not book.changed_wallets:
            return
        place = among_texts(self.connection, TokenWallet.wallet, book.changed_wallets)
        self.connection.execute(delete(TokenWallet).where(TokenWallet.community_id == self.community_id, place))
        rows = [
            (self.community_id, wallet, one.holder, one.member_class, one.status, one.block_number)
            for wallet, one in sorted((name, book.wallets[name]) for name in book.changed_wallets)
        ]
        insert_rows(self.connection, "token_wallets", _WALLET, rows)

    def _store_agreements(self, book: TokenBook) -> None:
        if not book.changed_agreements:
            return
        ids = sorted(book.changed_agreements)
        for table in (ChainAgreement, ChainAgreementParty):
            columns = table.__table__.c
            place = among_digests(self.connection, columns.agreement_id, ids)
            self.connection.execute(delete(table).where(columns.community_id == self.community_id, place))
        records = [book.agreements[one] for one in ids]
        insert_rows(self.connection, "chain_agreements", _COLUMNS, [(self.community_id, *_row(one)) for one in records])
        parties = [
            (self.community_id, bytes.fromhex(party), one.proposed_block, one.agreement_id)
            for one in records
            for party in one.parties
        ]
        insert_rows(self.connection, "chain_agreement_parties", _PARTY, parties)


_WALLETS = select(
    TokenWallet.wallet, TokenWallet.holder, TokenWallet.member_class, TokenWallet.status, TokenWallet.block_number
)
_AGREEMENTS = select(*ChainAgreement.__table__.columns)
_COLUMNS = tuple(ChainAgreement.__table__.columns.keys())


def agreement_of(row: Row[Any]) -> AgreementRecord:
    """The record of a row of `chain_agreements`."""
    progress = json.loads(row.progress)
    return AgreementRecord(
        bytes(row.agreement_id),
        terms_of(json.loads(row.terms)),
        progress["proposer"],
        row.proposed_block,
        AgreementState(row.state),
        row.state_block,
        progress["consents"],
        progress["confirmed"],
        progress["checks"],
    )


def _row(one: AgreementRecord) -> tuple[int | str | bytes, ...]:
    progress = {
        "proposer": one.proposer,
        "consents": one.consents,
        "confirmed": one.confirmed,
        "checks": one.checks,
    }
    terms, state = json.dumps(terms_document(one.terms), sort_keys=True), int(one.state)
    return (
        one.agreement_id,
        one.terms.category,
        state,
        terms,
        json.dumps(progress, sort_keys=True),
        one.proposed_block,
        one.state_block,
    )


def _wallet(row: Row[str, bytes, int, int, int]) -> tuple[str, WalletRecord]:
    return row.wallet, WalletRecord(bytes(row.holder), row.member_class, row.status, row.block_number)
