"""An approved person becomes a member, who still waits for a fee or a wallet."""

from dataclasses import dataclass

from sqlalchemy import Connection

from gettone.db.repositories.communities import Communities
from gettone.db.repositories.fee_payments import FeePayments
from gettone.db.repositories.memberships import MembershipFacts, Memberships
from gettone.db.repositories.people import lock_person
from gettone.errors import Conflict
from gettone.membership.kinds import member_kind, pays_yearly_fee
from gettone.membership.states import MemberState
from gettone.periods import local_date


@dataclass(frozen=True, slots=True)
class Admission:
    """Who is admitted where, and as what; `timezone` says which year a fee is due for."""

    community_id: int
    timezone: str
    user_id: str
    facts: MembershipFacts


def admit(connection: Connection, admission: Admission, now_ms: int) -> str:
    """The member id of an admitted person; who was a member before has the one of then.

    Conflict for who is a member now, InputError `member_kind` for a kind that does not fit the person.
    """
    community_id, facts = admission.community_id, admission.facts
    lock_person(connection, admission.user_id)
    memberships = Memberships(connection, community_id)
    member_class = member_kind(facts.kind, is_natural_person=facts.is_natural_person)
    before = memberships.of_user(admission.user_id)
    if before is not None and before.state is not MemberState.LEFT:
        raise Conflict("conflict", "this person is a member of the community already")
    if before is None:
        member_id = Communities(connection).add_member(community_id, kind=member_class).member_id
    else:
        member_id = before.member_id
    memberships.admit(member_id, admission.user_id, member_class, facts, now_ms)
    owes = pays_yearly_fee(member_class) and not _has_paid(connection, member_id, admission.timezone, now_ms)
    state = MemberState.AWAITING_FEE if owes else MemberState.WALLET_PENDING
    memberships.put_state(member_id, state, None, now_ms)
    return member_id


def _has_paid(connection: Connection, member_id: str, timezone: str, now_ms: int) -> bool:
    year = local_date(now_ms // 1000, timezone).year
    return any(one.year == year for one in FeePayments(connection).of_member(member_id))
