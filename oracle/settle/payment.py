"""Fourth step of a settlement: pay what the chain has not paid yet, and store what it says of every chunk."""

from gettone.db.repositories.restored_rows import RestoredRows
from gettone.db.repositories.settlement_rows import SettlementRow
from gettone.db.repositories.settlement_states import Origin
from gettone.db.repositories.settlements import Settlements
from oracle.settle.context import SettlementContext
from oracle.settle.publication import paid_chunks, pay_on_chain, voided_units
from oracle.settle.restore import words_of


def pay_settlement(context: SettlementContext, settlement: SettlementRow) -> None:
    """Pay the chunks that are open and store all of them with their sums; open or paying → paid.

    Where the chain voided the rest nothing is paid any more: its chunks are stored as voided, a claim of their members.
    """
    with context.database.read() as connection:
        chunks = Settlements(connection).chunks(settlement.settlement_id)
    pay_on_chain(context, settlement, {one.chunk: one.payouts for one in chunks})
    paid, voided = paid_chunks(context, settlement), voided_units(context, settlement)
    with context.database.write() as connection:
        repository = Settlements(connection)
        if settlement.origin is Origin.CHAIN:
            # Somebody may have paid chunks that were not known when it was restored.
            RestoredRows(connection).add_chunks(settlement.settlement_id, words_of(paid))
        for chunk in paid:
            repository.record_chunk_paid(
                settlement.settlement_id,
                chunk.chunk,
                credited_units=chunk.credited_units,
                fee_units=chunk.fee_units,
                skipped_units=chunk.skipped_units,
                tx_hash=bytes.fromhex(chunk.tx_hash.removeprefix("0x")),
                block_number=chunk.block_number,
            )
        repository.record_paid(
            settlement.settlement_id,
            credited_units=sum(one.credited_units for one in paid),
            fee_units=sum(one.fee_units for one in paid),
            skipped_units=sum(one.skipped_units for one in paid),
            voided_units=voided,
        )
