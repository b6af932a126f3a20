"""Members as the identity rules know them: kind, state and the facts a community keeps of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from gettone.db.repositories.communities import MemberKind
from gettone.db.tables import MemberInterval, Membership, UserCommunity
from gettone.errors import MissingInput
from gettone.membership.kinds import MembershipKind, likely_kind
from gettone.membership.states import MemberState, require_way


@dataclass(frozen=True, slots=True)
class MembershipRow:
    """A member; `member_class` is that of the chain, the interval is the latest one [from, to) in slots.

    Of members who were registered without these facts the kind follows from the class, and the rest is empty.
    """

    member_id: str
    community_id: int
    user_id: str | None
    member_class: MemberKind
    state: MemberState
    wallet: str | None
    kind: MembershipKind
    has_storage: bool
    is_natural_person: bool
    statute_version: str | None
    external_id: str | None
    weekly_goal_wh: int | None
    not_before: int | None
    state_since: int | None
    state_reason: str | None
    from_slot: int | None
    to_slot: int | None


@dataclass(frozen=True, slots=True)
class MembershipFacts:
    """What is stated of a new member; `not_before` [unix ms] is when the membership may begin at the earliest."""

    kind: MembershipKind
    has_storage: bool
    is_natural_person: bool
    statute_version: str
    external_id: str | None = None
    not_before: int | None = None


class Memberships:
    """Reads and writes `memberships` with the rows of `users_communities` they belong to."""

    def __init__(self, connection: Connection, community_id: int) -> None:
        self._connection, self._community_id = connection, community_id

    def get(self, member_id: str) -> MembershipRow:
        """A member of this community; MissingInput `member_unknown` for anybody else."""
        row = self._connection.execute(self._query().where(UserCommunity.member_id == member_id)).one_or_none()
        if row is None:
            raise MissingInput("member_unknown", "there is no such member in this community")
        return _membership(row)

    def of_user(self, user_id: str) -> MembershipRow | None:
        """The membership of a person here, also one that ended; None for a stranger."""
        row = self._connection.execute(self._query().where(UserCommunity.user_id == user_id)).one_or_none()
        return None if row is None else _membership(row)

    def page(self, state: str | None, after: str | None, limit: int) -> list[MembershipRow]:
        """Members by id, behind the id `after`, all or those in one state."""
        query = self._query()
        if state is not None:
            query = query.where(UserCommunity.status == state)
        if after is not None:
            query = query.where(UserCommunity.member_id > after)
        rows = self._connection.execute(query.order_by(UserCommunity.member_id).limit(limit))
        return [_membership(row) for row in rows]

    def by_external_id(self, external_ids: list[str]) -> dict[str, MembershipRow]:
        """Members by the ids of the community's own lists."""
        rows = self._connection.execute(self._query().where(Membership.external_id.in_(external_ids)))
        return {row.external_id: _membership(row) for row in rows}

    def admit(
        self, member_id: str, user_id: str, member_class: MemberKind, facts: MembershipFacts, now_ms: int
    ) -> None:
        """Bind a member id that is known here to a person with the facts of their request."""
        mine = UserCommunity.member_id == member_id
        values = {"user_id": user_id, "kind": member_class.value}
        self._connection.execute(update(UserCommunity).where(mine).values(**values))
        self._require_row(member_id, now_ms)
        stated = {name: getattr(facts, name) for name in MembershipFacts.__slots__}
        self.change(member_id, stated)

    def change(self, member_id: str, values: Mapping[str, Any], now_ms: int = 0) -> None:
        """Write some of the facts of a member."""
        self._require_row(member_id, now_ms)
        self._connection.execute(update(Membership).where(Membership.member_id == member_id).values(**values))

    def move(self, member_id: str, after: MemberState, reason: str | None, now_ms: int) -> None:
        """Move a member on; Conflict where there is no way.  The row is locked until the transaction ends."""
        query = select(UserCommunity.status).where(UserCommunity.member_id == member_id).with_for_update()
        require_way(MemberState(self._connection.execute(query).scalar_one()), after)
        self.put_state(member_id, after, reason, now_ms)

    def put_state(self, member_id: str, state: MemberState, reason: str | None, now_ms: int) -> None:
        """The state of a member, as the first one of a new membership too."""
        mine = UserCommunity.member_id == member_id
        self._connection.execute(update(UserCommunity).where(mine).values(status=state.value))
        self.change(member_id, {"state_since": now_ms, "state_reason": reason}, now_ms)

    def lock(self, member_id: str) -> None:
        """Be alone with a member of this community until the transaction ends; MissingInput for a stranger."""
        self.get(member_id)
        query = select(UserCommunity.member_id).where(UserCommunity.member_id == member_id)
        self._connection.execute(query.with_for_update()).scalar_one()

    def _require_row(self, member_id: str, now_ms: int) -> None:
        """Members who were registered by class alone get their row when something is stated of them."""
        known = select(Membership.member_id).where(Membership.member_id == member_id)
        if self._connection.execute(known).scalar() is not None:
            return
        kind = MemberKind(
            self._connection.execute(
                select(UserCommunity.kind).where(UserCommunity.member_id == member_id)
            ).scalar_one()
        )
        values = {"member_id": member_id, "community_id": self._community_id, "kind": likely_kind(kind).value}
        values |= {"has_storage": False, "is_natural_person": kind is MemberKind.CITIZEN, "statute_version": ""}
        self._connection.execute(insert(Membership).values(**values, state_since=now_ms))

    def _query(self) -> Select[*tuple[Any, ...]]:
        latest = (
            select(MemberInterval.member_id, func.max(MemberInterval.valid_from).label("valid_from"))
            .group_by(MemberInterval.member_id)
            .subquery()
        )
        return (
            select(
                UserCommunity.member_id,
                UserCommunity.community_id,
                UserCommunity.user_id,
                UserCommunity.kind.label("member_class"),
                UserCommunity.status.label("state"),
                UserCommunity.wallet,
                Membership.kind,
                Membership.has_storage,
                Membership.is_natural_person,
                Membership.statute_version,
                Membership.external_id,
                Membership.weekly_goal_wh,
                Membership.not_before,
                Membership.state_since,
                Membership.state_reason,
                MemberInterval.valid_from.label("from_slot"),
                MemberInterval.valid_to.label("to_slot"),
            )
            .outerjoin(Membership, Membership.member_id == UserCommunity.member_id)
            .outerjoin(latest, latest.c.member_id == UserCommunity.member_id)
            .outerjoin(
                MemberInterval,
                (MemberInterval.member_id == latest.c.member_id) & (MemberInterval.valid_from == latest.c.valid_from),
            )
            .where(UserCommunity.community_id == self._community_id)
        )


def _membership(row: Row[Any]) -> MembershipRow:
    values = dict(row._mapping)
    member_class = MemberKind(values["member_class"])
    if values["kind"] is None:
        values |= {"has_storage": False, "is_natural_person": member_class is MemberKind.CITIZEN}
    kind = likely_kind(member_class) if values["kind"] is None else MembershipKind(values["kind"])
    return MembershipRow(
        **{**values, "member_class": member_class, "state": MemberState(values["state"]), "kind": kind}
    )
