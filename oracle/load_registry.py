"""The job that brings a registry file into the database, once or again, and refuses what contradicts it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities, CommunityRow, MemberIntervalRow, MemberKind, MemberRow
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.households import set_households
from gettone.errors import Conflict, InputError
from gettone.periods import load_zone
from gettone.registration.document import MemberEntry, RegistryDocument
from gettone.registration.load_devices import load_devices, local_slot
from gettone.vault import Vault

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a registry file states, and how many of its members and devices the database did not know."""

    community: str
    members: int
    devices: int
    flows: int
    new_members: int
    new_devices: int


def load_registry_file(
    database: Database, vault: Vault, document: RegistryDocument, progress: Progress | None = None
) -> Loaded:
    """Enter community, flows, members and devices in one transaction; the same file again changes nothing.

    A later file may add entries and may end a membership; households, uses and positions follow the newest file.
    Conflict where the database states something else: another community, flow configuration, kind, holder, end or
    contract; then nothing is changed.
    """
    tell = progress or (lambda _step: None)
    with database.write() as connection:
        stated = document.community
        community = Communities(connection).get_or_create(
            stated.slug,
            tz=stated.tz,
            kind=stated.kind,
            settle_slot_s=stated.settle_slot_s,
            netting=stated.netting,
            name=stated.name,
        )
        new_members = _load_members(connection, community, document.members)
        tell(f"{len(document.members)} members")
        device_ids, new_devices = load_devices(connection, vault, community, document.devices)
        tell(f"{len(device_ids)} devices")
        _load_flows(connection, document, device_ids)
    return Loaded(community.slug, len(document.members), len(device_ids), len(document.flows), new_members, new_devices)


def _load_members(connection: Connection, community: CommunityRow, members: Sequence[MemberEntry]) -> int:
    communities, zone = Communities(connection), load_zone(community.tz)
    known = communities.known([one.member_id for one in members])
    stored: dict[str, list[MemberIntervalRow]] = defaultdict(list)
    for interval in communities.intervals(community.community_id):
        stored[interval.member_id].append(interval)
    for member in members:
        _check_member(member, known.get(member.member_id), community)
    communities.add_members(
        [
            MemberRow(one.member_id, community.community_id, one.wallet, MemberKind(one.kind), "active")
            for one in members
            if one.member_id not in known
        ]
    )
    households = {one.member_id: (one.people, one.area_dm2) for one in members}
    set_households(connection, {one: facts for one, facts in households.items() if facts != (None, None)})
    memberships = (_membership(one, stored[one.member_id], zone) for one in members)
    communities.set_intervals([one for one in memberships if one is not None])
    return len(members) - len(known)


def _check_member(member: MemberEntry, found: MemberRow | None, community: CommunityRow) -> None:
    if member.kind not in list(MemberKind):
        raise InputError(
            "member_kind", f"member {member.member_id[:8]}…: kind {member.kind!r} is not one of {', '.join(MemberKind)}"
        )
    if found is None:
        return
    stated = (community.community_id, member.wallet, member.kind)
    if stated != (found.community_id, found.wallet, found.kind):
        raise Conflict(
            "registry_differs",
            f"member {member.member_id[:8]}… is registered with another community, wallet or kind: "
            "change it there, or give the file a new pseudonym",
        )


def _membership(member: MemberEntry, stored: Sequence[MemberIntervalRow], zone: ZoneInfo) -> MemberIntervalRow | None:
    """What is to be stated of a membership; None where the database says it already."""
    from_slot, to_slot = (
        local_slot(member.since, zone),
        None if member.until is None else local_slot(member.until, zone),
    )
    same = next((one for one in stored if one.from_slot == from_slot), None)
    if same is not None and same.to_slot == to_slot:
        return None
    if same is not None and same.to_slot is not None:
        raise Conflict(
            "registry_differs",
            f"the membership of {member.member_id[:8]}… from {member.since} on ended already, "
            "and the file states another end",
        )
    return MemberIntervalRow(member.member_id, from_slot, to_slot)


def _load_flows(connection: Connection, document: RegistryDocument, device_ids: dict[str, int]) -> None:
    flows = Flows(connection)
    for entry in document.flows:
        flow = flows.get_or_create(entry.name, entry.config, supplier=entry.supplier)
        flows.add_devices(flow.flow_id, [device_ids[one.name] for one in document.devices if entry.name in one.flows])
