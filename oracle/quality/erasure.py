"""Forgetting a member, by two persons: every row keyed by their channels or pseudonym, the keys, the payloads (§2).

1. plan: which stored payloads name the member, and what of them stays   2. replace those payloads
3. one transaction: delete the rows, blank what would confirm a guess, append the tombstone
Killed anywhere it goes on when it is run again; what it deletes is overwritten.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from gettone.db.engine import Database
from gettone.db.forget import overwrite_deleted
from gettone.db.repositories.communities import Communities, MemberRow
from gettone.db.repositories.erasures import ERASED, PROPOSED, ErasureRow, Erasures
from gettone.db.repositories.forgotten_batches import ForgottenBatches
from gettone.db.repositories.ingest_log import IngestLog
from gettone.db.repositories.keys import REJECTS, Keys
from gettone.db.repositories.member_rows import MemberRows, member_tables
from gettone.db.repositories.people import forget_person
from gettone.db.repositories.settled_lines import SettledLines
from gettone.errors import Conflict, InputError
from gettone.lake import Lake
from gettone.metering.operators import parse_operator, require_two_persons
from gettone.notary.ingest_leaf import LeafKind
from gettone.periods import local_date
from gettone.vault import Vault, unseal
from oracle.indicators.refresh import close_days
from oracle.quality.erasure_plan import ErasurePlan, Planner
from oracle.quality.purge_list import append_mark

ATTEMPTS = 5
RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class ErasureOutcome:
    """How far an erasure is: proposed by one person, or done with what was deleted."""

    state: str
    rows: dict[str, int]
    payloads: int
    leaf_index: int | None = None


class Eraser:
    """Erases members of one installation."""

    def __init__(self, database: Database, vault: Vault, lake: Lake, purge_list: Path) -> None:
        """`purge_list` is where the marks of the erased are kept, outside of what a backup brings back."""
        self._database = database
        self._vault = vault
        self._lake = lake
        self._purge_list = purge_list

    def erase(self, community: str, member: str, *, operator: str, reason: str, now_ms: int) -> ErasureOutcome:
        """Propose the erasure of a member as a first person, carry it out as a second one.

        `member` is the whole pseudonym.  InputError without a reason of the first person, Refused when the same
        person does both, Conflict `settlement_unfinished` while a settlement of the community is under way.
        """
        person = parse_operator(operator)
        found, timezone = self._member(community, member)
        with self._database.write() as connection:
            erasures = Erasures(connection)
            row = erasures.of_member(found.member_id)
            if row is None:
                if not reason.strip():
                    raise InputError("reason_missing", "an erasure needs a reason: say who asked for it and when")
                erasures.propose(found.member_id, person, reason.strip(), now_ms)
                return ErasureOutcome(PROPOSED, {}, 0)
            SettledLines(connection).require_closed(found.community_id)
            if row.state == PROPOSED:
                require_two_persons(row.proposed_by, person)
                erasures.approve(row.erasure_id, person, now_ms)
        # Known for good before anything is gone: whatever backup is restored later, the member is erased again.
        append_mark(self._purge_list, self._vault.mark(found.member_id))
        # The totals of the community stay, so its days are computed and kept while the readings are still there.
        close_days(self._database, community, local_date(now_ms // 1000, timezone) + timedelta(days=1))
        return self._carry_out(row, found, timezone, now_ms)

    def erase_again(self, community: str, member: str, *, now_ms: int) -> ErasureOutcome:
        """Erase a member of a restored backup whose erasure two persons decided after it was made."""
        found, timezone = self._member(community, member)
        with self._database.write() as connection:
            erasures = Erasures(connection)
            if erasures.of_member(found.member_id) is None:
                erasures.propose(found.member_id, RESTORE, "erased after the backup was made", now_ms)
            row = erasures.of_member(found.member_id)
            assert row is not None  # noqa: S101 - proposed just above
            erasures.approve(row.erasure_id, RESTORE, now_ms)
        return self._carry_out(row, found, timezone, now_ms)

    def _member(self, community: str, member: str) -> tuple[MemberRow, str]:
        with self._database.read() as connection:
            communities = Communities(connection)
            found = communities.get(community)
            if len(member) != 64:
                raise InputError("member_id", "write the whole pseudonym of the member, 64 hex digits")
            return communities.member(found.community_id, member), found.tz

    def _carry_out(self, row: ErasureRow, member: MemberRow, timezone: str, now_ms: int) -> ErasureOutcome:
        for _ in range(ATTEMPTS):
            plan = self._planned(row, member, timezone)
            for sha256 in filter(self._lake.has, plan.gone()):
                self._lake.erase(sha256)
            outcome = self._delete(row, member, timezone, plan, now_ms)
            if outcome is not None:
                overwrite_deleted(self._database, member_tables())
                return outcome
        raise Conflict("batches_arriving", "batches keep arriving for this member: stop the sources, then run it again")

    def _planned(self, row: ErasureRow, member: MemberRow, timezone: str) -> ErasurePlan:
        """The plan as kept, grown by the batches that came since it was made."""
        with self._database.write() as connection:
            kept = Erasures(connection).of_member(member.member_id)
            plan = ErasurePlan.of_json(kept.plan if kept is not None else None)
            scope = MemberRows(connection).scope(member.member_id, timezone)
            plan = Planner(connection, self._vault, self._lake, scope).extend(plan)
            Erasures(connection).set_plan(row.erasure_id, plan.to_json())
        return plan

    def _delete(
        self, row: ErasureRow, member: MemberRow, timezone: str, plan: ErasurePlan, now_ms: int
    ) -> ErasureOutcome | None:
        """The rows in one transaction; None when a batch came after the plan was made."""
        with self._database.ingest() as connection:
            batches = ForgottenBatches(connection)
            if batches.highest() != plan.highest_batch:
                return None
            scope = MemberRows(connection).scope(member.member_id, timezone)
            lines = SettledLines(connection).forget(member.member_id, member.community_id)
            batches.blank(plan.touched())
            rejects = self._drop_rejects(connection, Planner(connection, self._vault, self._lake, scope).own_names)
            forget_person(connection, member.member_id, now_ms)
            rows = MemberRows(connection).delete(scope) | {"rejects": rejects, "settlement_members": lines}
            batches.drop_checks(plan.touched())
            leaf_index = _tombstone(connection, now_ms)
            Erasures(connection).finish(row.erasure_id, leaf_index)
        return ErasureOutcome(ERASED, rows, len(plan.gone()), leaf_index)

    def _drop_rejects(self, connection: Connection, own_names: tuple[str, ...]) -> int:
        """Refused rows that name a device of the member, whatever batch they came with."""
        batches, key = ForgottenBatches(connection), Keys(connection, self._vault).platform_key(REJECTS)
        mine = []
        for batch_id, row_no, raw in batches.rejects():
            text = unseal(key, raw, ("reject", batch_id, row_no)).decode(errors="replace")
            if any(name in text for name in own_names):
                mine.append((batch_id, row_no))
        return batches.drop_rejects(mine)


def _tombstone(connection: Connection, now_ms: int) -> int:
    """A leaf that says only that somebody was erased, and when."""
    leaf = IngestLog(connection).append(
        LeafKind.TOMBSTONE,
        nonce=secrets.token_bytes(32),
        source_class=0,
        received_at=now_ms,
        size_bytes=0,
        sha256=bytes(32),
    )
    return leaf.leaf_index
