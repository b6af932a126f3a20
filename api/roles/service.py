"""Roles: nobody grants one to themselves, the last admin stays, and two persons appoint an auditor."""

from dataclasses import asdict, dataclass

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.instants import instant_ms, instant_text
from api.matrix import EVERY_COMMUNITY, MACHINE, OWN_COMMUNITY, REALM_ROLES
from api.once import Answer
from api.operations.repository import asker_of
from api.refusals import Invalid, NotFound, NotPermitted
from api.roles.schemas import GrantBody, GrantInput
from gettone.db.columns import SLOT_S
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.community_profiles import CommunityProfiles
from gettone.db.repositories.grants import ACTIVE, PENDING, PROPOSED, GrantRow, Grants, NewGrant
from gettone.db.repositories.operations import Operations
from gettone.db.repositories.proposals import APPROVED, WITHDRAWN, Proposals
from gettone.errors import Conflict
from gettone.two_persons import require_second_person

MACHINE_PREFIX = "mc-"
ADMIN, AUDITOR = "CA", "AU"
APPOINT = "auditor.appoint"
REALM_ROLE = "role.realm"
# Everybody has this one at the identity provider from the start.
_DEFAULT_ROLE = "member"
_SLOT_MS = SLOT_S * 1000


@dataclass(frozen=True, slots=True)
class Act:
    """One request about a role: in which transaction, by whom, about whom."""

    connection: Connection
    context: ApiContext
    access: Access
    holder: str
    role: str
    community: int | None = None

    @property
    def community_id(self) -> int:
        """The community in which the role is: that of the route, or one that is just made."""
        return self.access.where.community_id if self.community is None else self.community

    @property
    def is_platform(self) -> bool:
        """Whether the caller is the platform's admin and not one of this community."""
        return OWN_COMMUNITY not in self.access.letters and EVERY_COMMUNITY in self.access.letters

    def note(self, action: str, reason: str | None = None, after: dict[str, object] | None = None) -> None:
        """Write the deed into the audit trail."""
        deed = Deed(
            self.access.person.name, action, f"{self.role}:{self.holder}", self.community_id, after=after, reason=reason
        )
        AuditTrail(self.connection).append(deed, self.context.clock())


def grant(act: Act, wanted: GrantInput) -> Answer:
    """Give a role; the same again changes nothing.  That of an auditor waits for a second person."""
    if act.holder == act.access.person.name:
        raise Conflict("self_grant", "nobody grants a role to themselves: ask another administrator")
    new = _checked(act, wanted)
    found = Grants(act.connection).find(act.community_id, act.holder, act.role, act.context.clock())
    _require_platform_limits(act, found)
    if found is not None and found.state != PROPOSED:
        if not _is_same(found, new):
            raise Conflict("conflict", f"{act.holder} has this role with other limits: end it first, then grant anew")
        return _answer(found)
    if act.role == AUDITOR:
        return _propose(act, new, wanted.reason) if found is None else _approve(act, found, new, wanted.reason)
    return _given(act, Grants(act.connection).add(new, _first_state(act.role), act.context.clock()), wanted.reason)


def carry(act: Act, number: int) -> None:
    """Have the identity provider carry a role in tokens; until then the grant is pending."""
    document = {"grant_id": number, "sub": act.holder, "realm_role": REALM_ROLES[act.role]}
    asker = asker_of(act.access.person)
    Operations(act.connection).add(REALM_ROLE, document, asker, act.context.clock(), act.community_id)


def revoke(act: Act) -> None:
    """End a role now; Conflict `last_admin` for the only admin of a community."""
    now_ms = act.context.clock()
    if act.is_platform:
        raise NotPermitted("not_permitted", "roles in a community are ended by its own administrators")
    found = Grants(act.connection).find(act.community_id, act.holder, act.role, now_ms)
    if found is None:
        raise NotFound("not_found", f"{act.holder} does not have this role here")
    others = [one for one in Grants(act.connection).admins(act.community_id, now_ms) if one != act.holder]
    if act.role == ADMIN and not others:
        raise Conflict("last_admin", "this is the only administrator of the community: grant the role to another first")
    if found.state == PROPOSED:
        waiting = Proposals(act.connection, act.community_id).open(APPOINT, str(found.grant_id))
        if waiting is not None:
            name = act.access.person.name
            Proposals(act.connection, act.community_id).decide(waiting.proposal_id, WITHDRAWN, name, now_ms)
    Grants(act.connection).end(found.grant_id, now_ms)
    act.note("role.revoke")


def body_of(row: GrantRow) -> GrantBody:
    """A grant as administrators see it."""
    return GrantBody.model_validate(
        {
            "sub": row.holder,
            "role": row.role,
            "state": row.state,
            "from": instant_text(row.valid_from),
            "to": _text(row.valid_to),
            "data_from": _text(None if row.data_from is None else row.data_from * _SLOT_MS),
            "data_to": _text(None if row.data_to is None else row.data_to * _SLOT_MS),
            "scopes": sorted((row.scopes or "").split()),
        }
    )


def _checked(act: Act, wanted: GrantInput) -> NewGrant:
    is_machine, named_machine = act.role == MACHINE, act.holder.startswith(MACHINE_PREFIX)
    if is_machine != named_machine:
        raise _invalid("/path/role", "role SV is for machine clients (mc-…), and the other roles are for persons")
    user_id = None if is_machine else Grants(act.connection).user_of(act.holder)
    if not is_machine and user_id is None:
        raise NotFound("not_found", "nobody of this name has logged in here: let the person log in once, then repeat")
    if is_machine != bool(wanted.scopes):
        raise _invalid("/body/scopes", "a machine needs at least one scope, and persons have none")
    if act.role == AUDITOR and (wanted.data_from is None or wanted.data_to is None):
        raise _invalid("/body/data_from", "an auditor needs the range of readings to see: data_from and data_to")
    times = {name: None if (at := getattr(wanted, name)) is None else instant_ms(at) for name in _TIMES}
    for first, last in (("from_", "to"), ("data_from", "data_to")):
        if (end := times[last]) is not None and end <= (times[first] or 0):
            raise _invalid(f"/body/{last}", f"{last} is not after {first.rstrip('_')}")
    return NewGrant(
        act.role,
        act.community_id,
        user_id,
        act.holder if is_machine else None,
        " ".join(sorted(wanted.scopes)) or None,
        None if times["data_from"] is None else times["data_from"] // _SLOT_MS,
        None if times["data_to"] is None else -(-times["data_to"] // _SLOT_MS),
        times["from_"],
        times["to"],
        act.access.person.user_id,
    )


_TIMES = ("from_", "to", "data_from", "data_to")


def _require_platform_limits(act: Act, found: GrantRow | None) -> None:
    """The platform grants the first admin of a community, and approves auditors; all else is the community's."""
    if not act.is_platform:
        return
    has_admin = bool(Grants(act.connection).admins(act.community_id, act.context.clock()))
    if (act.role == ADMIN and not has_admin) or (act.role == AUDITOR and found is not None):
        return
    raise NotPermitted("not_permitted", "the platform grants the first administrator only: ask one of the community")


def _propose(act: Act, new: NewGrant, reason: str) -> Answer:
    now_ms = act.context.clock()
    number = Grants(act.connection).add(new, PROPOSED, now_ms)
    document = {"reason": reason}
    Proposals(act.connection, act.community_id).add(APPOINT, str(number), document, act.access.person.name, now_ms)
    act.note("auditor.propose", reason, _plain(new))
    return _found_answer(act)


def _approve(act: Act, found: GrantRow, new: NewGrant, reason: str) -> Answer:
    """The second person's word; both must have said the same."""
    now_ms, proposals = act.context.clock(), Proposals(act.connection, act.community_id)
    waiting = proposals.open(APPOINT, str(found.grant_id))
    assert waiting is not None  # noqa: S101 - a proposed grant has one
    governance = CommunityProfiles(act.connection).get(act.community_id).governance
    name = act.access.person.name
    require_second_person(waiting.proposed_by, waiting.proposed_at, name, governance, now_ms)
    if not _is_same(found, new):
        raise Conflict("conflict", "this differs from what was proposed: approve the same range, or end the proposal")
    proposals.decide(waiting.proposal_id, APPROVED, name, now_ms)
    Grants(act.connection).move(found.grant_id, PROPOSED, PENDING)
    return _given(act, found.grant_id, reason)


def _given(act: Act, number: int, reason: str) -> Answer:
    """The answer for a role that was given, after the identity provider was asked to carry it in tokens."""
    if _first_state(act.role) == PENDING:
        carry(act, number)
    act.note("role.grant", reason)
    return _found_answer(act)


def _first_state(role: str) -> str:
    return PENDING if REALM_ROLES.get(role, _DEFAULT_ROLE) != _DEFAULT_ROLE else ACTIVE


def _found_answer(act: Act) -> Answer:
    found = Grants(act.connection).find(act.community_id, act.holder, act.role, act.context.clock())
    assert found is not None  # noqa: S101 - written just above
    return _answer(found)


def _answer(row: GrantRow) -> Answer:
    return Answer(200, body_of(row).model_dump(mode="json", by_alias=True))


def _is_same(found: GrantRow, new: NewGrant) -> bool:
    """Whether a grant is what is asked for; a start that is left out is whatever it was."""
    limits = ("scopes", "data_from", "data_to", "valid_to")
    starts = new.valid_from is None or new.valid_from == found.valid_from
    return starts and all(getattr(found, name) == getattr(new, name) for name in limits)


def _plain(new: NewGrant) -> dict[str, object]:
    return {name: value for name, value in asdict(new).items() if name not in ("user_id", "granted_by")}


def _text(at_ms: int | None) -> str | None:
    return None if at_ms is None else instant_text(at_ms)


def _invalid(pointer: str, message: str) -> Invalid:
    return Invalid("invalid", message, fields=((pointer, "value"),))
