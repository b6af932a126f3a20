"""`gettone settle resume`: every settlement of a community that is not closed, brought to its end in order."""

from dataclasses import dataclass, replace

from gettone.db.repositories.approvals import Act, Approvals
from gettone.db.repositories.communities import CommunityRow
from gettone.db.repositories.settlement_heads import SettlementHeads
from gettone.db.repositories.settlement_states import SettlementState
from gettone.errors import Held
from oracle.settle.context import PeriodKey, SettlementContext, place_of
from oracle.settle.job import advance
from oracle.settle.periods import key_of
from oracle.settle.restore import recall_lines, restore_from_chain
from oracle.settle.revise import REVISING_PERSONS


@dataclass(frozen=True, slots=True)
class Resumed:
    """What became of one settlement: its state now, and why it went no further, if it did not."""

    period_index: int
    revision: int
    state: SettlementState
    held: Held | None = None


def resume(context: SettlementContext, community: str, *, timezone: str = "Europe/Rome") -> tuple[Resumed, ...]:
    """Finish every settlement of a community; first restore what the chain holds and this database does not.

    A settlement that waits for data, a signature or a person is reported and the others go on; any other refusal
    is raised.  `timezone` is that of a community which this database does not know.
    """
    found = restore_from_chain(context, community, timezone=timezone)
    resumed = [_finish(context, key) for key in _unfinished(context, found)]
    recall_lines(context, found)
    return tuple(resumed)


def _unfinished(context: SettlementContext, community: CommunityRow) -> list[PeriodKey]:
    """Settlements that are not closed, and revisions that two persons asked for, in order of period and revision."""
    keys = []
    with context.database.read() as connection:
        for head in SettlementHeads(connection).of_community(community.community_id):
            key = key_of(community, head.bounds)
            if head.state is not SettlementState.CLOSED:
                keys.append(key)
            wanted = replace(key, revision=key.revision + 1)
            spoken = Approvals(connection).of(place_of(wanted), Act.REVISE)
            if len(spoken) == REVISING_PERSONS and SettlementHeads(connection).find(*place_of(wanted)) is None:
                keys.append(wanted)
    return keys


def _finish(context: SettlementContext, key: PeriodKey) -> Resumed:
    try:
        state = advance(context, key, SettlementState.CLOSED).state
    except Held as held:
        with context.database.read() as connection:
            head = SettlementHeads(connection).find(*place_of(key))
        return Resumed(key.period_index, key.revision, head.state if head else SettlementState.HELD, held)
    return Resumed(key.period_index, key.revision, state)
