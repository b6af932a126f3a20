"""`gettone settle revise` and `approve`: the persons whose word a revision, or sending a settlement, waits for."""

import time
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from gettone.db.repositories.approvals import Act, ApprovalRow, Approvals
from gettone.db.repositories.settlement_heads import SettlementHead, SettlementHeads
from gettone.db.repositories.settlement_states import SettlementState
from gettone.errors import Conflict, Held, InputError
from gettone.metering.gate.late import LAST_MONTH, months_later
from gettone.metering.operators import parse_operator, second_word
from gettone.periods import utc_text
from oracle.settle.context import PeriodContext, PeriodKey, place_of
from oracle.settle.periods import find_period
from oracle.settle.revision import revision_before

REVISING_PERSONS = 2


@dataclass(frozen=True, slots=True)
class Spoken:
    """Which revision of a period was spoken for, by whom, and how many more persons it needs."""

    key: PeriodKey
    persons: tuple[str, ...]
    missing: int


def speak_for_revision(
    context: PeriodContext, community: str, period: str, *, operator: str, reason: str = "", alone: bool = False
) -> Spoken:
    """Speak for the next revision of a closed period; it may be settled when a second person did the same.

    The reason is that of the first person.  Conflict `settlement_unfinished` for a period that is not closed,
    `revision_too_late` after the 61st month; Held `revision_too_early` within a month of the revision before;
    Refused `two_persons` when the same person speaks twice, which only the one administrator may (`alone`).
    """
    person, key = parse_operator(operator), next_revision(context, community, period)
    place = place_of(key)
    with context.database.write() as connection:
        revision_before(connection, key)
        approvals = Approvals(connection)
        spoken = approvals.of(place, Act.REVISE)
        if len(spoken) < REVISING_PERSONS:
            if not spoken and not reason.strip():
                raise InputError("reason_missing", "a revision needs a reason: say what was wrong or came late")
            person = second_word((one.operator for one in spoken), person, alone=alone)
            approvals.add(place, Act.REVISE, ApprovalRow(person, reason.strip(), time.time_ns() // 1_000_000))
        persons = tuple(one.operator for one in approvals.of(place, Act.REVISE))
    return Spoken(key, persons, REVISING_PERSONS - len(persons))


def approve(context: PeriodContext, community: str, period: str, *, operator: str) -> PeriodKey:
    """Approve the proposal of a period as it is stored; a proposal computed anew has to be approved again."""
    person, key = parse_operator(operator), find_period(context.database, context.contracts, community, period)
    with context.database.write() as connection:
        head = SettlementHeads(connection).find(*place_of(key))
        if head is None or head.state is not SettlementState.PROPOSED:
            found = "not computed" if head is None else head.state
            raise Conflict(
                "settlement_state",
                f"period {period} is {found}: only a proposed settlement can be approved, so run "
                "`gettone settle run --until proposed` first",
            )
        row = ApprovalRow(person, "", time.time_ns() // 1_000_000)
        Approvals(connection).add(place_of(key), Act.APPROVE, row)
    return key


def require_approval(connection: Connection, key: PeriodKey) -> None:
    """Held `approval_missing` while nobody approved the proposal of a settlement."""
    if not Approvals(connection).of(place_of(key), Act.APPROVE):
        raise Held(
            "approval_missing",
            f"period {key.period_index} revision {key.revision} waits for its approval: a community admin gives it "
            "with `gettone settle approve`",
        )


def next_revision(context: PeriodContext, community: str, period: str) -> PeriodKey:
    """The revision that would follow the latest one of a period now; refusals as in `speak_for_revision`."""
    latest = find_period(context.database, context.contracts, community, period)
    with context.database.read() as connection:
        head = SettlementHeads(connection).find(*place_of(latest))
    if head is not None and head.bounds.revision and head.opened_block is None:
        return latest
    if head is None or head.state is not SettlementState.CLOSED:
        state = "not settled" if head is None else f"{head.state} in revision {head.bounds.revision}"
        raise Conflict(
            "settlement_unfinished",
            f"period {period} is {state}: run `gettone settle resume` to its end before it is corrected",
        )
    _require_time(context, latest, head)
    return replace(latest, revision=latest.revision + 1)


def _require_time(context: PeriodContext, latest: PeriodKey, head: SettlementHead) -> None:
    client = context.contracts.client
    now_s, last_s = client.now_s(), months_later(latest.period.end_s, LAST_MONTH)
    if now_s >= last_s:
        raise Conflict(
            "revision_too_late",
            f"period {latest.period_index} could be corrected until {utc_text(last_s)}, its {LAST_MONTH}st month: "
            "what is still missing is settled outside",
        )
    opened_s = int(client.block(head.opened_block)["timestamp"]) if head.opened_block is not None else 0
    earliest_s = months_later(opened_s, 1) if latest.revision else 0
    if now_s < earliest_s:
        raise Held(
            "revision_too_early",
            f"revision {latest.revision} of period {latest.period_index} is younger than a month: the next one may "
            f"follow from {utc_text(earliest_s)} on",
        )
