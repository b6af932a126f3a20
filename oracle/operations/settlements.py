"""Acts on settlements that were asked for through the API, done with the settlement code."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from gettone.db.repositories.approvals import Act, Approvals
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.operations import OperationRow
from gettone.db.repositories.settlement_heads import PeriodBounds, SettlementHeads
from gettone.db.repositories.settlement_states import SettlementState
from gettone.errors import Conflict, InputError
from gettone.metering.operators import second_word
from gettone.periods import local_date
from oracle.settle.context import PeriodContext, SettlementContext, place_of
from oracle.settle.due import following
from oracle.settle.job import advance, run_settlement
from oracle.settle.periods import find_period, key_of
from oracle.settle.release import ask_gate, release_gate
from oracle.settle.revise import REVISING_PERSONS, approve, next_revision, speak_for_revision
from oracle.worker.job import Run

RELEASING_PERSONS = 2

Result = Mapping[str, Any]


def run_asked_settlement(run: Run, operation: OperationRow) -> Result:
    """Settle a period by its index; the first of a community starts on the day that was asked for."""
    with run.place.open_settlement(run.community, run.say) as context:
        period = _period_of_index(context, run.community, operation.document)
        return _state(run_settlement(context, run.community, period).state)


def approve_settlement(run: Run, operation: OperationRow) -> Result:
    """Approve a proposal in the name of the person who asked; the next run of the worker sends it."""
    context, document = _looking(run), operation.document
    period = _stored_period(context, run.community, document["period_index"])
    key = find_period(context.database, context.contracts, run.community, period)
    with context.database.read() as connection:
        spoken = [one.operator for one in Approvals(connection).of(place_of(key), Act.APPROVE)]
    if document["person"] not in spoken:
        approve(context, run.community, period, operator=document["person"])
    return {"period_index": key.period_index, "revision": key.revision}


def publish_settlement(run: Run, operation: OperationRow) -> Result:
    """Bring a settlement to its end; Held while a signature or a person is missing."""
    with run.place.open_settlement(run.community, run.say) as context:
        return _advanced(context, run.community, operation.document["period_index"])


def retry_settlement(run: Run, operation: OperationRow) -> Result:
    """Bring home what was signed, the same bytes again, then go on where the settlement stands."""
    with run.place.open_settlement(run.community, run.say) as context:
        context.sender.settle()
        return _advanced(context, run.community, operation.document["period_index"])


def revise_settlement(run: Run, operation: OperationRow) -> Result:
    """Speak for a revision; called again with the word already given it changes nothing."""
    context, document = _looking(run), operation.document
    period = _stored_period(context, run.community, document["period_index"])
    key = next_revision(context, run.community, period)
    with context.database.read() as connection:
        names = [one.operator for one in Approvals(connection).of(place_of(key), Act.REVISE)]
    if _is_spoken(names, document):
        return {"revision": key.revision, "missing": REVISING_PERSONS - len(names)}
    spoken = speak_for_revision(context, run.community, period, **_word(document))
    return {"revision": spoken.key.revision, "missing": spoken.missing}


def release_settlement(run: Run, operation: OperationRow) -> Result:
    """Speak for the release of an incomplete period."""
    context, document = _looking(run), operation.document
    period = _stored_period(context, run.community, document["period_index"])
    row = ask_gate(context, run.community, period).row
    if not _is_spoken(row.persons, document):
        row = release_gate(context, run.community, period, **_word(document))
    return {"revision": row.revision, "missing": RELEASING_PERSONS - len(row.persons)}


def _is_spoken(names: Sequence[str], document: Mapping[str, Any]) -> bool:
    """Whether the word of an operation is given already; Conflict `state` when another person spoke meanwhile."""
    before = int(document["words"])
    word = second_word(names[:before], document["person"], alone=document["alone"])
    if len(names) > before and word not in names[before:]:
        raise Conflict("state", "another person spoke meanwhile: look at it again, then ask anew")
    return len(names) > before


def _word(document: Mapping[str, Any]) -> dict[str, Any]:
    return {"operator": document["person"], "reason": document["reason"], "alone": document["alone"]}


def _looking(run: Run) -> PeriodContext:
    return PeriodContext(run.place.database, run.place.vault(), run.place.open_contracts(run.community))


def _advanced(context: SettlementContext, community: str, period_index: int) -> Result:
    bounds = _bounds(context, community, period_index)
    assert bounds is not None  # noqa: S101 - the API found it, and settlements that stood there stay
    with context.database.read() as connection:
        key = key_of(Communities(connection).get(community), bounds)
    try:
        return _state(advance(context, key, SettlementState.CLOSED).state)
    except Conflict as refusal:
        if refusal.code != "proposal_differs":
            raise
        raise Conflict("root_differs", refusal.message) from None


def _period_of_index(context: SettlementContext, community: str, document: Mapping[str, Any]) -> str:
    """A period by its index, as people write it; Conflict `period_gap` for one that is not next."""
    index = int(document["period_index"])
    if bounds := _bounds(context, community, index):
        return _text(bounds)
    ledger = context.contracts.ledger
    if index != ledger.next_period_index():
        raise Conflict(
            "period_gap",
            f"period {index} is not the next one: period {ledger.next_period_index()} is, as periods follow each other",
        )
    with context.database.read() as connection:
        timezone = Communities(connection).get(community).tz
    last_end_s = ledger.last_period_end_s()
    if last_end_s:
        first = local_date(last_end_s, timezone)
    elif document["first_day"]:
        first = date.fromisoformat(document["first_day"])
    else:
        raise InputError("first_day", "this is the first period of the community: say on which day it begins")
    return f"{first.isoformat()}/{following(first, ledger.period_kind()).isoformat()}"


def _stored_period(context: PeriodContext, community: str, period_index: int) -> str:
    bounds = _bounds(context, community, period_index)
    assert bounds is not None  # noqa: S101 - the API found it, and settlements that stood there stay
    return _text(bounds)


def _bounds(context: PeriodContext, community: str, period_index: int) -> PeriodBounds | None:
    """The latest revision of a period."""
    with context.database.read() as connection:
        community_id = Communities(connection).get(community).community_id
        heads = SettlementHeads(connection).of_community(community_id)
    return next((one.bounds for one in reversed(heads) if one.bounds.period_index == period_index), None)


def _text(bounds: PeriodBounds) -> str:
    first, last = (local_date(at_s, bounds.timezone) for at_s in (bounds.period_start_s, bounds.period_end_s))
    return f"{first.isoformat()}/{last.isoformat()}"


def _state(state: SettlementState) -> Result:
    return {"state": state.value}
