"""Communities and their members."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Row, insert, select, update

from gettone.db.bulk import insert_rows, raw_rows
from gettone.db.columns import Base
from gettone.db.id_lists import among_digests
from gettone.db.intervals import Validity, state_intervals
from gettone.db.repositories.codes import require_codes
from gettone.db.tables import Community, MemberInterval, UserCommunity
from gettone.errors import Conflict, InputError, MissingInput
from gettone.periods import load_zone


class MemberKind(StrEnum):
    """Kind of a member; the number on chain is its `class`."""

    CITIZEN = "citizen"
    STAKEHOLDER = "stakeholder"
    SYSTEM = "system"

    @property
    def chain_class(self) -> int:
        """Class on chain: 1 citizen, 2 stakeholder, 3 system."""
        return list(MemberKind).index(self) + 1


@dataclass(frozen=True, slots=True)
class CommunityRow:
    """A community; `slug` is its id outside the database, `netting` is `none` or `pod`."""

    community_id: int
    slug: str
    name: str | None
    kind: str
    tz: str
    settle_slot_s: int
    netting: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member by pseudonym; `member_id` has 64 hex digits, `wallet` is an EIP-55 address or none yet."""

    member_id: str
    community_id: int
    wallet: str | None
    kind: MemberKind
    status: str


@dataclass(frozen=True, slots=True)
class MemberIntervalRow:
    """Membership [from_slot, to_slot) in slots of 900 s; None is open."""

    member_id: str
    from_slot: int
    to_slot: int | None


class Communities:
    """Reads and writes `communities`, `users_communities` and `member_intervals`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_or_create(
        self,
        slug: str,
        *,
        tz: str,
        kind: str = "rec",
        settle_slot_s: int = 3600,
        netting: str = "none",
        name: str = "",
    ) -> CommunityRow:
        """The community `slug`, made if it is new; Conflict when it exists with other values.

        `tz` is an IANA name, `settle_slot_s` 900 or 3600 [s], `netting` `none` or `pod`.
        """
        _check_community(slug, tz, settle_slot_s, netting)
        values = {
            "name": name or slug,
            "kind": kind,
            "tz": tz,
            "settle_slot_s": settle_slot_s,
            "netting": netting,
        }
        found = self.find(slug)
        if found is None:
            require_codes(self._connection, "community_kind", [kind])
            self._connection.execute(insert(Community).values(slug=slug, **values))
            return self.get(slug)
        differing = sorted(key for key, value in values.items() if getattr(found, key) != value)
        if differing:
            raise Conflict("community_differs", f"community {slug!r} exists with another {', '.join(differing)}")
        return found

    def find(self, slug: str) -> CommunityRow | None:
        """The community `slug`, or None."""
        row = self._connection.execute(_COMMUNITY.where(Community.slug == slug)).one_or_none()
        return None if row is None else CommunityRow(*row)

    def get(self, slug: str) -> CommunityRow:
        """The community `slug`; MissingInput when there is none."""
        found = self.find(slug)
        if found is None:
            raise MissingInput("community_unknown", f"there is no community {slug!r} in this database")
        return found

    def all(self) -> tuple[CommunityRow, ...]:
        """All communities, by slug."""
        return tuple(CommunityRow(*row) for row in self._connection.execute(_COMMUNITY.order_by(Community.slug)))

    def add_member(
        self,
        community_id: int,
        *,
        kind: MemberKind = MemberKind.CITIZEN,
        wallet: str | None = None,
        member_id: str | None = None,
    ) -> MemberRow:
        """Add an active member under 32 fresh random bytes, or under `member_id` where one is given."""
        row = MemberRow(member_id or secrets.token_hex(32), community_id, wallet, kind, "active")
        self.add_members([row])
        return row

    def add_members(self, rows: Sequence[MemberRow]) -> None:
        """Add members that are not known yet."""
        values = [(row.member_id, row.community_id, row.wallet, row.kind.value, row.status) for row in rows]
        table = Base.metadata.tables[UserCommunity.__tablename__]
        insert_rows(self._connection, table.name, _MEMBER_COLUMNS, raw_rows(table, _MEMBER_COLUMNS, values))

    def set_wallet(self, member_id: str, wallet: str | None) -> None:
        """Give a member another wallet; MissingInput for an unknown member."""
        self._update(member_id, wallet=wallet)

    def set_status(self, member_id: str, status: str) -> None:
        """Set `active`, `frozen` or `left`; MissingInput for an unknown member."""
        self._update(member_id, status=status)

    def members(self, community_id: int) -> tuple[MemberRow, ...]:
        """All members ever, in bytewise order of member id (the order of the roster)."""
        query = _MEMBER.where(UserCommunity.community_id == community_id).order_by(UserCommunity.member_id)
        return tuple(_member(row) for row in self._connection.execute(query))

    def known(self, member_ids: Sequence[str]) -> dict[str, MemberRow]:
        """Those of these members that exist, in whatever community."""
        chosen = among_digests(self._connection, UserCommunity.member_id, map(bytes.fromhex, member_ids))
        return {row[0]: _member(row) for row in self._connection.execute(_MEMBER.where(chosen))}

    def member(self, community_id: int, prefix: str) -> MemberRow:
        """The one member whose id begins with the hex digits `prefix` or whose wallet is `prefix`.

        MissingInput when there is none, InputError when several match.
        """
        wanted = prefix.lower().removeprefix("0x")
        found = [
            member
            for member in self.members(community_id)
            if member.member_id.startswith(wanted) or (member.wallet or "").lower() == prefix.lower()
        ]
        if not found:
            raise MissingInput("member_unknown", f"no member of this community has an id that begins with {prefix!r}")
        if len(found) > 1:
            raise InputError(
                "member_ambiguous",
                f"{len(found)} members have ids that begin with {prefix!r}: write more digits",
            )
        return found[0]

    def set_interval(self, member_id: str, from_slot: int, to_slot: int | None = None) -> None:
        """State one membership; as `set_intervals`."""
        self.set_intervals([MemberIntervalRow(member_id, from_slot, to_slot)])

    def set_intervals(self, rows: Sequence[MemberIntervalRow]) -> None:
        """State memberships that begin at `from_slot`; repeating one may only set its end.

        Conflict when one overlaps another membership of the same person.
        """
        values = [(row.member_id, row.from_slot, row.to_slot) for row in rows]
        state_intervals(self._connection, _MEMBERSHIPS, values)

    def intervals(self, community_id: int) -> tuple[MemberIntervalRow, ...]:
        """All memberships of a community, by member id and start."""
        query = (
            select(MemberInterval.member_id, MemberInterval.valid_from, MemberInterval.valid_to)
            .join(UserCommunity, UserCommunity.member_id == MemberInterval.member_id)
            .where(UserCommunity.community_id == community_id)
            .order_by(MemberInterval.member_id, MemberInterval.valid_from)
        )
        return tuple(MemberIntervalRow(*row) for row in self._connection.execute(query))

    def _update(self, member_id: str, **values: str | None) -> None:
        changed = self._connection.execute(
            update(UserCommunity).where(UserCommunity.member_id == member_id).values(**values)
        )
        if changed.rowcount == 0:
            raise MissingInput("member_unknown", f"there is no member {member_id[:8]}… in this database")


_MEMBERSHIPS = Validity(Base.metadata.tables[MemberInterval.__tablename__], "member_id", "membership of this member")
_MEMBER_COLUMNS = ("member_id", "community_id", "wallet", "kind", "status")
_COMMUNITY = select(
    Community.community_id,
    Community.slug,
    Community.name,
    Community.kind,
    Community.tz,
    Community.settle_slot_s,
    Community.netting,
)
_MEMBER = select(
    UserCommunity.member_id,
    UserCommunity.community_id,
    UserCommunity.wallet,
    UserCommunity.kind,
    UserCommunity.status,
)


def _member(row: Row[str, int, str | None, str, str]) -> MemberRow:
    return MemberRow(row[0], row[1], row[2], MemberKind(row[3]), row[4])


def _check_community(slug: str, tz: str, settle_slot_s: int, netting: str) -> None:
    load_zone(tz)
    if not slug or len(slug.encode()) > 32:
        raise InputError("community_slug", f"community {slug!r}: its slug must have 1 to 32 bytes")
    if settle_slot_s not in (900, 3600):
        raise InputError("settle_slot", f"community {slug!r}: settlement slot {settle_slot_s} s is not 900 or 3600")
    if netting not in ("none", "pod"):
        raise InputError("netting", f"community {slug!r}: netting {netting!r} is not none or pod")
