"""Changes by two persons: whoever proposes one does not approve it (identity and API specification §1.1).

A community with one administrator is governed `single`: there the same person may approve a day later.
"""

from gettone.errors import Conflict

TWO, SINGLE = "two", "single"
WAIT_MS = 24 * 3_600_000


def require_second_person(proposed_by: str, proposed_at: int, approver: str, governance: str, now_ms: int) -> None:
    """Conflict `self_approval` when the approver is the proposer, unless a single one waited 24 hours.

    Persons are named as in the audit trail; instants in unix ms.
    """
    if proposed_by != approver:
        return
    if governance != SINGLE:
        raise Conflict("self_approval", "you proposed this yourself: another administrator must approve it")
    if now_ms - proposed_at < WAIT_MS:
        raise Conflict(
            "self_approval", "you proposed this yourself: as the only administrator you may approve it 24 hours later"
        )
