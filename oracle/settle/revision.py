"""What a revision takes over from the revision before: entitlements, superseded leaves, members erased since (§4)."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from gettone.db.repositories.settled_lines import HASH_BYTES, hash_of_stored
from gettone.db.repositories.settlement_rows import SettlementMemberRow, SettlementRow
from gettone.db.repositories.settlements import Settlements
from gettone.errors import Conflict
from gettone.notary.leaves import ASSIGNMENT, TOMBSTONE, AssignmentLeaf, RosterLeaf, decode_assignment, decode_roster
from oracle.settle.context import PeriodKey


class RevisionBefore(NamedTuple):
    """The revision that one supersedes, with the lines of its members."""

    row: SettlementRow
    members: tuple[SettlementMemberRow, ...]


def revision_before(connection: Connection, key: PeriodKey) -> RevisionBefore | None:
    """What the revision of `key` supersedes; None for the first one.

    Conflict `revision_missing` when it is not in this database, `revision_erased` when nothing was kept of a member
    who was erased.
    """
    if not key.revision:
        return None
    repository = Settlements(connection)
    row = repository.find(key.community.community_id, key.period_index, key.revision - 1)
    if row is None or row.committed is None:
        raise Conflict(
            "revision_missing",
            f"revision {key.revision - 1} of period {key.period_index} has no leaves in this database, so it cannot "
            "be corrected here: restore it from a backup",
        )
    members = repository.members(row.settlement_id)
    before = RevisionBefore(row, members)
    if any(_is_hash(one) and (one.bare_leaves is None or one.computed.scores_json == "{}") for one in members):
        raise Conflict(
            "revision_erased",
            f"period {key.period_index} holds a member who was erased before leaves were kept for tombstones, so it "
            "cannot be computed again: correct the others by hand, in a later period",
        )
    return before


def entitlements_of(before: RevisionBefore | None) -> dict[str, int]:
    """Entitlement [base units] by member id in the revision before."""
    return {one.computed.member_id: one.computed.entitlement_units for one in before.members} if before else {}


def superseded_leaves(before: RevisionBefore | None) -> dict[str, bytes]:
    """Hash of the assignment leaf by member id in the revision before."""
    return {
        one.computed.member_id: hash_of_stored(one.committed.assignment_leaf)
        for one in (before.members if before else ())
        if one.committed is not None
    }


class ErasedLine(NamedTuple):
    """A member erased since: what stays of the line, and the leaves without their blinds."""

    member_id: str
    member_class: int
    entitlement_units: int
    scores: Mapping[str, int]
    assignment: AssignmentLeaf
    roster: RosterLeaf
    prev_leaf: bytes


def erased_lines(before: RevisionBefore | None) -> tuple[ErasedLine, ...]:
    """The erased members of a revision, also those that were tombstones in it already, by leaf index."""
    return tuple(line for one in (before.members if before else ()) if (line := _erased_line(one)) is not None)


def _erased_line(one: SettlementMemberRow) -> ErasedLine | None:
    if one.committed is None:
        return None
    leaf = one.committed.assignment_leaf
    if _is_hash(one):
        bare = one.bare_leaves or b""
        assignment, roster = decode_assignment(bare[: ASSIGNMENT.size]), decode_roster(bare[ASSIGNMENT.size :])
    else:
        assignment, roster = decode_assignment(leaf), decode_roster(one.committed.roster_leaf)
        if not assignment.flags & TOMBSTONE:
            return None
    line = one.computed
    scores = {name: int(score) for name, score in json.loads(line.scores_json).items()}
    return ErasedLine(
        line.member_id, line.member_class, line.entitlement_units, scores, assignment, roster, hash_of_stored(leaf)
    )


def _is_hash(one: SettlementMemberRow) -> bool:
    return one.committed is not None and len(one.committed.assignment_leaf) == HASH_BYTES
