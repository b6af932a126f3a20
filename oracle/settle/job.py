"""`gettone settle run`: one period of one community, from frozen readings to closed books.

Every state is committed before the next effect, so the job can be killed anywhere and run again; run on a
closed settlement it changes nothing.
"""

import time
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from gettone.chain.refused import ContractRefused
from gettone.db.repositories.gates import Gates
from gettone.db.repositories.settlement_heads import SettlementHeads
from gettone.db.repositories.settlement_rows import SettlementRow
from gettone.db.repositories.settlement_states import Origin, SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.errors import CheckFailed, Conflict, GettoneError, Held, InputError
from gettone.periods import utc_text
from gettone.types import SettlementPeriod
from oracle.settle.agreement import require_agreement
from oracle.settle.attestation import collect_again, record_signatures
from oracle.settle.commitment import record_proposal
from oracle.settle.computation import Calculation, calculate, record_calculation, withdraw_calculation
from oracle.settle.context import PeriodKey, SettlementContext, place_of
from oracle.settle.fees import require_certain_fees
from oracle.settle.gate import GateHeld, store_gate
from oracle.settle.limits import require_room
from oracle.settle.payment import pay_settlement
from oracle.settle.periods import bounds_of, find_period
from oracle.settle.publication import is_open_on_chain, must_be_signed_again, open_on_chain, paid_chunks
from oracle.settle.restore import require_chain_agreement
from oracle.settle.revise import require_approval

Step = Callable[[SettlementContext, PeriodKey, SettlementRow], None]


def run_settlement(
    context: SettlementContext, community: str, period: str, *, until: SettlementState = SettlementState.CLOSED
) -> SettlementRow:
    """Bring the settlement of `period` (as people write it) to the state `until`, from wherever it stands."""
    return advance(context, find_period(context.database, context.contracts, community, period), until)


def advance(context: SettlementContext, key: PeriodKey, until: SettlementState) -> SettlementRow:
    """Bring one settlement to the state `until`; one that failed goes on where it failed.

    What goes wrong for good is stored as the reason of state `failed` and raised; what may go right at another
    time (a node that does not answer, a signature that is missing) leaves the state as it is.
    """
    settlement = _stored(context, key) or _compute(context, key)
    while settlement.state is not until and (step := _step(settlement.state, until)):
        try:
            step(context, key, settlement)
        except GettoneError as cause:
            _record_failure(context, settlement, cause)
            raise
        settlement = _stored(context, key) or _compute(context, key)
    return settlement


def preview_settlement(context: SettlementContext, community: str, period: str) -> Calculation:
    """What settling `period` now would compute; nothing is stored and nothing is sent.

    Raises what `run_settlement` would raise before it stores anything.
    """
    key = find_period(context.database, context.contracts, community, period)
    _require_ended(context, key.period)
    # Looking devices up makes the lookup key of an empty database, so the transaction writes and is taken back.
    with context.database.write() as connection:
        calculation = calculate(context, connection, key)
        connection.rollback()
    return calculation


def _compute(context: SettlementContext, key: PeriodKey) -> SettlementRow:
    context.progress("computing rewards from the readings and the model on chain")
    _require_ended(context, key.period)
    try:
        with context.database.write() as connection:
            settlement_id = record_calculation(connection, calculate(context, connection, key))
            return Settlements(connection).get(settlement_id)
    except GateHeld as held:
        with context.database.write() as connection:
            store_gate(connection, key, held.report)
            SettlementHeads(connection).hold(bounds_of(key), held.message)
        raise


def _propose(context: SettlementContext, _: PeriodKey, settlement: SettlementRow) -> None:
    context.progress("committing readings, totals and amounts to salted trees")
    with context.database.write() as connection:
        record_proposal(context, connection, settlement.settlement_id)


def _attest(context: SettlementContext, key: PeriodKey, settlement: SettlementRow) -> None:
    """Sign what still holds: a cap, a fee, a wallet or a reading that changed since asks for a new calculation.

    What another operator proposed was signed here when it came out equal, and only waits for the others.
    """
    with context.database.write() as connection:
        is_open = is_open_on_chain(context, settlement)
        if not is_open and settlement.origin is not Origin.ATTESTED:
            if not _still_holds(context, connection, key, settlement):
                context.progress("something changed since the rewards were computed: computing again")
                withdraw_calculation(connection, key, settlement.settlement_id)
                return
            require_certain_fees(context.contracts)
            require_room(context.contracts, settlement)
            if context.needs_approval:
                require_approval(connection, key)
        context.progress("signing the proposal with the oracle keys")
        missing = record_signatures(context, connection, settlement, is_open=is_open)
    if missing:
        raise Held(
            "signatures_missing",
            f"period {key.period_index} revision {key.revision} lacks {missing} of the signatures that the chain asks "
            "for: another oracle attests it, then `gettone settle resume` goes on",
        )


def _still_holds(context: SettlementContext, connection: Connection, key: PeriodKey, settlement: SettlementRow) -> bool:
    lines = [row.computed for row in Settlements(connection).members(settlement.settlement_id)]
    follows = settlement.proposed is not None and (
        settlement.proposed.previous_settlement == context.contracts.ledger.last_settlement_hash()
    )
    return follows and calculate(context, connection, key).agrees_with(settlement.computed, lines)


def _step(state: SettlementState, until: SettlementState) -> Step | None:
    """The step that follows a state; one that goes on to the payments sends them behind the opening."""
    if state is SettlementState.ATTESTED and until is not SettlementState.OPEN:
        return _open_and_pay
    return _NEXT_STEP.get(state)


def _open(context: SettlementContext, key: PeriodKey, settlement: SettlementRow) -> None:
    """Send what was signed, unless the chain would now take another fee than the oracles signed."""
    _publish(context, key, settlement, ())


def _open_and_pay(context: SettlementContext, key: PeriodKey, settlement: SettlementRow) -> None:
    """The same, with all payments behind it."""
    with context.database.read() as connection:
        chunks = [one.payouts for one in Settlements(connection).chunks(settlement.settlement_id)]
    _publish(context, key, settlement, chunks)


def _publish(
    context: SettlementContext, key: PeriodKey, settlement: SettlementRow, chunks: Sequence[tuple[bytes, ...]]
) -> None:
    if must_be_signed_again(context, settlement):
        context.progress("the assignment fee changed since the oracles signed: computing again")
        with context.database.write() as connection:
            withdraw_calculation(connection, key, settlement.settlement_id)
        return
    if collect_again(context, settlement):
        context.progress("the chain does not count all signatures any more: collecting others")
        return
    context.progress("opening the settlement on chain")
    event = open_on_chain(context, settlement, chunks)
    with context.database.write() as connection:
        Settlements(connection).record_opened(settlement.settlement_id, _raw(event.tx_hash), event.block_number)
        Gates(connection).settle(key.community.community_id, key.period_index, key.revision)


def _pay(context: SettlementContext, _: PeriodKey, settlement: SettlementRow) -> None:
    pay_settlement(context, settlement)


def _close(context: SettlementContext, _: PeriodKey, settlement: SettlementRow) -> None:
    context.progress("reading back: chain, database and leaves must agree")
    with context.database.read() as connection:
        if settlement.origin is Origin.CHAIN:
            require_chain_agreement(connection, settlement.settlement_id, paid_chunks(context, settlement))
        else:
            require_agreement(context, connection, settlement.settlement_id)
    with context.database.write() as connection:
        Settlements(connection).record_closed(settlement.settlement_id, time.time_ns() // 1_000_000)


def _take_up(context: SettlementContext, _: PeriodKey, settlement: SettlementRow) -> None:
    context.progress("taking up a settlement that failed")
    with context.database.write() as connection:
        state = settlement.resume_state or SettlementState.COMPUTING
        SettlementHeads(connection).take_up(settlement.settlement_id, state)


def _record_failure(context: SettlementContext, settlement: SettlementRow, cause: GettoneError) -> None:
    if isinstance(cause, CheckFailed | ContractRefused) or cause.code in _FINAL:
        with context.database.write() as connection:
            SettlementHeads(connection).fail(settlement.settlement_id, settlement.state, cause.message)


_FINAL = ("proposal_differs",)
"""Refusals of another class that do not go right by themselves."""

_NEXT_STEP = {
    SettlementState.COMPUTING: _propose,
    SettlementState.PROPOSED: _attest,
    SettlementState.ATTESTED: _open,
    SettlementState.OPEN: _pay,
    SettlementState.PAYING: _pay,
    SettlementState.PAID: _close,
    SettlementState.FAILED: _take_up,
}


def _require_ended(context: SettlementContext, period: SettlementPeriod) -> None:
    now_s = context.contracts.client.now_s()
    own_s = now_s if context.clock_s is None else context.clock_s()
    if abs(own_s - now_s) > period.end_s - period.start_s:
        raise Conflict(
            "clock_off",
            f"this machine's clock says {utc_text(own_s)} and the chain's {utc_text(now_s)}, more than a period apart: "
            "set the clock of the one that is wrong (`timedatectl`), or see that the validators run",
        )
    if now_s < period.end_s:
        raise InputError(
            "period_running",
            f"the period ends at {utc_text(period.end_s)} and the chain's clock says {utc_text(now_s)}: "
            "settle it when it is over",
        )


def _stored(context: SettlementContext, key: PeriodKey) -> SettlementRow | None:
    with context.database.read() as connection:
        return Settlements(connection).find(*place_of(key), with_restored=True)


def _raw(tx_hash: str) -> bytes:
    return bytes.fromhex(tx_hash.removeprefix("0x"))
