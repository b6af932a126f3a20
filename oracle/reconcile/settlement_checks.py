"""Whether the settlements in the database are those of the chain, down to the leaf and the payout."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from gettone.db.repositories.reconciliation_facts import LineFacts, line_facts, settlements_of
from gettone.db.repositories.settlement_rows import ChunkRow, SettlementRow
from gettone.db.repositories.settlement_states import ChunkState
from gettone.db.repositories.settlements import Settlements
from gettone.notary.payouts import split_word
from gettone.notary.tree import root_of_hashes
from oracle.reconcile.books import Books, SettlementOnChain, total_of
from oracle.reconcile.findings import Findings, Kind
from oracle.reconcile.payouts import PaidChunk

# A job that works on a settlement needs minutes; what waits for longer waits for a person.
UNFINISHED_S = 3_600
_PROPOSAL_COLUMNS = {
    "period_start_s": "periodStart",
    "period_end_s": "periodEnd",
    "model_version": "modelVersion",
    "total_units": "total",
    "assignment_root": "assignmentRoot",
    "leaf_count": "leafCount",
    "roster_root": "rosterRoot",
    "aggregates_root": "aggregatesRoot",
    "ingest_root": "ingestRoot",
    "ingest_size": "ingestSize",
    "payouts_root": "payoutsRoot",
    "chunk_count": "chunkCount",
    "previous_settlement": "previousSettlement",
}


@dataclass(frozen=True, slots=True)
class _Details:
    """Chunks and lines of one settlement."""

    chunks: Mapping[int, ChunkRow]
    lines: list[LineFacts]
    by_wallet: Mapping[str, LineFacts]


class SettlementChecks:
    """Compares chunk by chunk as the events are read, and whole settlements at the end."""

    def __init__(self, connection: Connection, community_id: int, findings: Findings) -> None:
        self._connection = connection
        self._findings = findings
        self._repository = Settlements(connection)
        self._rows = {
            (one.computed.period_index, one.computed.revision): one for one in settlements_of(connection, community_id)
        }
        self._current: tuple[int, _Details] | None = None
        self._seen: set[tuple[int, int]] = set()
        self._wrong_lines: set[int] = set()

    def check_chunk(self, paid: PaidChunk) -> None:
        """A chunk that the chain paid is stored with the same payouts, sums and place."""
        row = self._rows.get((paid.period_index, paid.revision))
        if row is None:
            return
        details = self._details(row.settlement_id)
        self._seen.add((row.settlement_id, paid.chunk))
        where = f"settlement_chunks, settlement_id {row.settlement_id}, chunk {paid.chunk}; transaction {paid.tx_hash}"
        chunk = details.chunks.get(paid.chunk)
        if chunk is None:
            # What was restored from the chain knows the chunks that were paid by then.
            words = None if row.committed is None else "a row"
            self._findings.differ(Kind.CHUNK_MISSING, paid.name, words, None, where)
            return
        self._check_payouts(paid, chunk, where)
        self._check_lines(row.settlement_id, paid, details)
        if chunk.state is ChunkState.VOIDED:
            self._findings.differ(Kind.CHUNK_VALUE, f"state of {paid.name}", ChunkState.PAID, chunk.state, where)
        if chunk.state is ChunkState.PAID:
            expected = {
                "credited_units": paid.credited_units,
                "fee_units": paid.fee_units,
                "skipped_units": paid.skipped_units,
                "tx_hash": bytes.fromhex(paid.tx_hash[2:]),
                "block_number": paid.block_number,
            }
            for column, value in expected.items():
                what = f"{column} of {paid.name}"
                self._findings.differ(Kind.CHUNK_VALUE, what, value, getattr(chunk, column), where)

    def check_settlements(self, books: Books, block: int, times: Mapping[int, int]) -> int:
        """All settlements of chain and database, once every event is read; returns how many there are.

        `times` are the unix seconds of the blocks in which settlements were opened or paid, and of `block`.
        """
        for key, on_chain in books.settlements.items():
            row = self._rows.get(key)
            if row is None:
                what = f"settlement of period {key[0]} revision {key[1]}"
                self._findings.differ(
                    Kind.SETTLEMENT_MISSING, what, "a row", None, f"settlements; transaction {on_chain.tx_hash}"
                )
                continue
            self._check_values(row, on_chain)
            self._check_voided(row, on_chain)
            self._check_finished(row, on_chain, times[block], times)
        for key, row in self._rows.items():
            self._check_existence(row, books.settlements.get(key), block)
            if row.committed is not None:
                self._check_lines_whole(row, books.settlements.get(key))
        return len(set(self._rows) | set(books.settlements))

    def _check_values(self, row: SettlementRow, on_chain: SettlementOnChain) -> None:
        stored = {"proposal_hash": _hex(row.proposed.proposal_hash)} if row.proposed else {}
        expected = {"proposal_hash": on_chain.proposal_hash}
        for column, name in _PROPOSAL_COLUMNS.items():
            for part in (row.computed, row.committed, row.proposed):
                if part is not None and hasattr(part, column):
                    stored[column], expected[column] = _hex(getattr(part, column)), str(on_chain.proposal[name])
        if row.opened_tx is not None:
            stored |= {"opened_tx": _hex(row.opened_tx), "opened_block": str(row.opened_block)}
            expected |= {"opened_tx": on_chain.tx_hash, "opened_block": str(on_chain.block_number)}
        if row.credited_units is not None and on_chain.final is not None:
            paid, skipped = on_chain.final
            sums = {"credited_units": paid, "fee_units": on_chain.fee_units, "skipped_units": skipped}
            sums["voided_units"] = on_chain.voided_units
            stored |= {column: str(getattr(row, column)) for column in sums}
            expected |= {column: str(units) for column, units in sums.items()}
        for column, value in stored.items():
            what = f"{column} of {_name(row)}"
            self._findings.differ(Kind.SETTLEMENT_VALUE, what, expected[column], value, _place(row))

    def _check_voided(self, row: SettlementRow, on_chain: SettlementOnChain) -> None:
        """The chunks that wait for nothing any more are the rest that the chain voided, once they are known."""
        chunks = self._details(row.settlement_id).chunks
        if row.voided_units is None or on_chain.final is None or len(chunks) < int(on_chain.proposal["chunkCount"]):
            return
        rest = sum(one.total_units for one in chunks.values() if one.state is ChunkState.VOIDED)
        where = f"settlement_chunks, settlement_id {row.settlement_id}"
        self._findings.differ(Kind.CHUNK_VALUE, f"voided rest of {_name(row)}", on_chain.voided_units, rest, where)

    def _check_finished(
        self, row: SettlementRow, on_chain: SettlementOnChain, now_s: int, times: Mapping[int, int]
    ) -> None:
        """A job may be a little behind the chain, and not for long."""
        since = None
        if row.opened_block is None:
            since = on_chain.block_number
        elif row.closed_at is None:
            since = on_chain.paid_block
        if since is not None and now_s - times[since] > UNFINISHED_S:
            state = "open" if row.opened_block is None else "closed"
            self._findings.differ(
                Kind.SETTLEMENT_UNFINISHED, f"state of {_name(row)}", state, str(row.state), _place(row)
            )

    def _check_existence(self, row: SettlementRow, on_chain: SettlementOnChain | None, block: int) -> None:
        if on_chain is None and row.opened_block is not None and row.opened_block <= block:
            self._findings.differ(
                Kind.SETTLEMENT_INVENTED, f"opening of {_name(row)}", None, f"block {row.opened_block}", _place(row)
            )
            return
        for number, chunk in self._details(row.settlement_id).chunks.items():
            is_early = chunk.block_number is not None and chunk.block_number <= block
            if is_early and (row.settlement_id, number) not in self._seen:
                where = f"settlement_chunks, settlement_id {row.settlement_id}, chunk {number}"
                what = f"payment of chunk {number} of {_name(row)}"
                self._findings.differ(Kind.CHUNK_VALUE, what, None, f"block {chunk.block_number}", where)

    def _check_payouts(self, paid: PaidChunk, chunk: ChunkRow, where: str) -> None:
        expected = [(one.wallet.lower(), one.units) for one in paid.credits]
        found = [("0x" + split_word(word)[0].hex(), split_word(word)[1]) for word in chunk.payouts]
        if expected == found:
            return
        at = next((n for n, pair in enumerate(zip(expected, found, strict=False)) if pair[0] != pair[1]), None)
        if at is None:
            sizes = (f"{len(expected)} payouts", f"{len(found)} payouts")
            self._findings.differ(Kind.CHUNK_PAYOUTS, f"payouts of {paid.name}", *sizes, where)
            return
        self._findings.differ(
            Kind.CHUNK_PAYOUTS,
            f"payout {at} of {paid.name}",
            f"{expected[at][1]} units to {expected[at][0]}",
            f"{found[at][1]} units to {found[at][0]}",
            where,
        )

    def _check_lines(self, settlement_id: int, paid: PaidChunk, details: _Details) -> None:
        for credit in paid.credits:
            line = details.by_wallet.get(credit.wallet)
            if line is None:
                continue
            where = f"settlement_members, settlement_id {settlement_id}, leaf_index {line.leaf_index}"
            what = f"payout of leaf {line.leaf_index} in {paid.name}"
            if self._findings.differ(Kind.PAYOUT, what, credit.units, line.payout_units, where):
                self._wrong_lines.add(settlement_id)

    def _check_lines_whole(self, row: SettlementRow, on_chain: SettlementOnChain | None) -> None:
        lines, where = self._details(row.settlement_id).lines, f"settlement_members, settlement_id {row.settlement_id}"
        total = row.computed.total_units if on_chain is None else total_of(on_chain)
        if row.settlement_id not in self._wrong_lines:
            payouts = sum(one.payout_units for one in lines)
            self._findings.differ(Kind.PAYOUT_SUM, f"sum of the payouts of {_name(row)}", total, payouts, where)
        for line in lines:
            if line.leaf_units is not None:
                what = f"entitlement of leaf {line.leaf_index} of {_name(row)}"
                place = f"{where}, leaf_index {line.leaf_index}"
                self._findings.differ(Kind.LEAF, what, line.leaf_units, line.entitlement_units, place)
        roots = {
            "assignmentRoot": [one.assignment_hash for one in lines],
            "rosterRoot": [one.roster_hash for one in lines],
        }
        if on_chain is not None:
            for name, hashes in roots.items():
                what = f"{name} of the stored leaves of {_name(row)}"
                self._findings.differ(
                    Kind.ROOT, what, on_chain.proposal[name], "0x" + root_of_hashes(hashes).hex(), where
                )

    def _details(self, settlement_id: int) -> _Details:
        if self._current is None or self._current[0] != settlement_id:
            lines = line_facts(self._connection, settlement_id)
            chunks = {one.chunk: one for one in self._repository.chunks(settlement_id)}
            by_wallet = {one.wallet: one for one in lines if one.wallet is not None}
            self._current = (settlement_id, _Details(chunks, lines, by_wallet))
        return self._current[1]


def _hex(value: object) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)


def _name(row: SettlementRow) -> str:
    return f"period {row.computed.period_index} revision {row.computed.revision}"


def _place(row: SettlementRow) -> str:
    return f"settlements, settlement_id {row.settlement_id}"
