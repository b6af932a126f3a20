"""What each member of the roster is owed from earlier settlements (LECN-1 §2)."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from gettone.chain.contract import checksum_address
from gettone.chain.contract_set import CommunityContracts
from gettone.chain.payments import chunk_payments
from gettone.db.repositories.settlement_heads import SettlementHeads
from gettone.db.repositories.settlement_rows import AccountLine, SettlementRow
from gettone.db.repositories.settlement_states import ChunkState, SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.errors import CheckFailed, Conflict
from gettone.notary.payouts import split_word
from oracle.settle.context import PeriodKey


@dataclass(frozen=True, slots=True)
class Claim:
    """Rest of the settlement before (either sign), and earlier payouts skipped or voided by the chain [base units]."""

    carried_before_units: int = 0
    skipped_units: int = 0


def claims_of(
    connection: Connection, contracts: CommunityContracts, key: PeriodKey, before_block: int | None = None
) -> dict[str, Claim]:
    """The claims, before the settlement of `key`, of every member that was ever on a roster, by member id.

    With `before_block` only settlements opened before that block count.

    Conflict `settlement_unfinished` while an earlier settlement is not closed: what it pays is not known yet;
    `lines_unknown` after one that was restored from the chain and whose lines nobody computed again.
    """
    repository = Settlements(connection)
    _require_lines(connection, key, before_block)
    carried: dict[str, int] = {}
    skipped: dict[str, int] = {}
    for settlement in sorted(repository.of_community(key.community.community_id), key=order_of_opening):
        computed = settlement.computed
        if (computed.period_index, computed.revision) == (key.period_index, key.revision):
            continue
        if before_block is not None and (settlement.opened_block is None or settlement.opened_block >= before_block):
            continue
        _require_closed(settlement)
        lines = repository.accounts(settlement.settlement_id)
        for line in lines:
            carried[line.member_id] = line.carried_after_units
            skipped[line.member_id] = skipped.get(line.member_id, 0) - line.skipped_units
        unpaid = (*_skipped_on_chain(contracts, settlement, lines), *_voided(repository, settlement, lines))
        for member_id, units in unpaid:
            skipped[member_id] += units
    return {member_id: Claim(carried[member_id], skipped[member_id]) for member_id in carried}


def _require_lines(connection: Connection, key: PeriodKey, before_block: int | None) -> None:
    for head in SettlementHeads(connection).of_community(key.community.community_id):
        block = head.opened_block
        is_before = block is not None and (before_block is None or block < before_block)
        if is_before and not head.has_calculation:
            raise Conflict(
                "lines_unknown",
                f"period {head.bounds.period_index} revision {head.bounds.revision} is known from the chain alone, and "
                "not what its members carry: load the registry, import its readings and run `gettone settle resume`, "
                "or restore a backup of the database",
            )


def order_of_opening(settlement: SettlementRow) -> tuple[int, int, int]:
    """What sorts settlements by their opening; those not open come last."""
    opened = settlement.opened_block if settlement.opened_block is not None else 2**63
    return (opened, settlement.computed.period_index, settlement.computed.revision)


def _require_closed(settlement: SettlementRow) -> None:
    if settlement.state is not SettlementState.CLOSED:
        computed = settlement.computed
        raise Conflict(
            "settlement_unfinished",
            f"the settlement of period {computed.period_index} revision {computed.revision} is only "
            f"{settlement.state}: run it to its end before the next one",
        )


def _skipped_on_chain(
    contracts: CommunityContracts, settlement: SettlementRow, lines: Iterable[AccountLine]
) -> list[tuple[str, int]]:
    if not settlement.skipped_units:
        return []
    by_wallet = {line.wallet: line.member_id for line in lines}
    chunks = chunk_payments(
        contracts.ledger,
        contracts.token,
        settlement.computed.period_index,
        settlement.computed.revision,
        from_block=settlement.opened_block or contracts.first_block,
    )
    return [
        (by_wallet[payment.wallet], payment.amount_units)
        for chunk in chunks
        for payment in chunk.payments
        # What an erased member was not paid is written off: nobody knows whose wallet that was.
        if payment.skipped and payment.wallet in by_wallet
    ]


def _voided(repository: Settlements, settlement: SettlementRow, lines: Iterable[AccountLine]) -> list[tuple[str, int]]:
    """The payouts that were not made when the chain voided the rest; CheckFailed unless they are the whole rest."""
    if not settlement.voided_units:
        return []
    by_wallet = {line.wallet: line.member_id for line in lines}
    chunks = [one for one in repository.chunks(settlement.settlement_id) if one.state is ChunkState.VOIDED]
    found = sum(one.total_units for one in chunks)
    if found != settlement.voided_units:
        raise CheckFailed(
            "voided_differs",
            f"the unpaid chunks of settlement {settlement.settlement_id} are {found} units and the chain voided "
            f"{settlement.voided_units}: restore them with `gettone settle resume --from FILE`",
        )
    payouts = [split_word(word) for one in chunks for word in one.payouts]
    by_member = [(by_wallet.get(checksum_address("0x" + wallet.hex())), units) for wallet, units in payouts]
    return [(member_id, units) for member_id, units in by_member if member_id is not None]
