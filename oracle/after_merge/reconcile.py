"""Findings of a window against the anomalies that are stored: opened, moved, closed, and never doubled.

The rules see a window of slots; a run that began before it, or goes on after it, is joined with what is stored.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gettone.db.repositories.anomalies import Finding, StoredAnomaly
from gettone.metering.codes import Code

OPEN, CLOSED, DISMISSED = "open", "closed", "dismissed"
RUNS = (Code.S_STUCK, Code.S_ZERO)
"""Codes whose findings are uninterrupted runs of slots, which a window may cut."""

# 3 may block a settlement (§8), 2 asks for a person, 1 is to be known.
SEVERITY: dict[str, int] = {
    Code.S_STUCK: 2,
    Code.S_ZERO: 1,
    Code.S_CATCHUP: 2,
    Code.C_SUM: 3,
    Code.C_SOURCES: 1,
    Code.C_INJECT: 2,
    Code.C_NIGHT: 2,
    Code.C_YIELD: 2,
    Code.G_IMPLAUSIBLE: 2,
    Code.T_CLOCK: 3,
}

_Key = tuple[int | None, int | None, str]


@dataclass(slots=True)
class Changes:
    """What to store: findings to open, and stored anomalies with another extent or state."""

    added: list[Finding] = field(default_factory=list)
    changed: list[StoredAnomaly] = field(default_factory=list)


def reconcile(
    stored: Iterable[StoredAnomaly], found: Iterable[Finding], window: tuple[int, int], stride: int
) -> Changes:
    """What makes the stored anomalies of a window say what was found in it.

    stored: all that touch [window[0], window[1]) or end right beside it, in any state.  stride: slots of 900 s from
    one value to the next.  What is not found any more is closed; what persons dismissed stays dismissed.
    """
    before: dict[_Key, list[StoredAnomaly]] = defaultdict(list)
    now: dict[_Key, list[Finding]] = defaultdict(list)
    for one in stored:
        before[one.finding[:3]].append(one)
    for finding in found:
        now[finding[:3]].append(finding)
    changes = Changes()
    for key in sorted(before.keys() | now.keys(), key=repr):
        known = before[key]
        if key[2] in RUNS:
            outside = [part for one in known if one.state != CLOSED for part in _outside(one.finding, window, stride)]
            _match(known, _joined([*outside, *now[key]], stride), changes)
        else:
            inside = [one for one in known if _overlap(one.finding, window[0], window[1] - 1)]
            _match(inside, sorted(now[key]), changes)
    return changes


def _outside(run: Finding, window: tuple[int, int], stride: int) -> list[Finding]:
    """What of a stored run lies before and after the window."""
    before = run._replace(last_slot=min(run.last_slot, window[0] - stride))
    after = run._replace(first_slot=max(run.first_slot, window[1]))
    return [part for part in (before, after) if part.first_slot <= part.last_slot]


def _joined(runs: Sequence[Finding], stride: int) -> list[Finding]:
    """Runs with those joined that touch, by start; each counts its values."""
    joined: list[Finding] = []
    for run in sorted(runs):
        if joined and run.first_slot <= joined[-1].last_slot + stride:
            joined[-1] = joined[-1]._replace(last_slot=max(run.last_slot, joined[-1].last_slot))
        else:
            joined.append(run)
    return [run._replace(counted=(run.last_slot - run.first_slot) // stride + 1) for run in joined]


def _match(known: Sequence[StoredAnomaly], found: Sequence[Finding], changes: Changes) -> None:
    """Give each finding the stored anomaly it continues, or a new one; close the open ones left over.

    The one of the very same slots comes first, even a closed one; else a live one that overlaps.
    """
    left = sorted(known, key=lambda one: (one.state == CLOSED, one.finding.first_slot, one.anomaly_id))
    pairs: dict[Finding, StoredAnomaly] = {}
    for continues in (_is_same, _goes_on):
        for finding in found:
            old = next((one for one in left if finding not in pairs and continues(one, finding)), None)
            if old is not None:
                left.remove(old)
                pairs[finding] = old
    for finding in found:
        old = pairs.get(finding)
        if old is None:
            changes.added.append(finding)
            continue
        state = DISMISSED if old.state == DISMISSED else OPEN
        if (old.finding, old.state) != (finding, state):
            changes.changed.append(StoredAnomaly(old.anomaly_id, finding, state))
    changes.changed += [one._replace(state=CLOSED) for one in left if one.state == OPEN]


def _is_same(one: StoredAnomaly, finding: Finding) -> bool:
    return (one.finding.first_slot, one.finding.last_slot) == (finding.first_slot, finding.last_slot)


def _goes_on(one: StoredAnomaly, finding: Finding) -> bool:
    return one.state != CLOSED and _overlap(one.finding, finding.first_slot, finding.last_slot)


def _overlap(finding: Finding, first_slot: int, last_slot: int) -> bool:
    return finding.first_slot <= last_slot and first_slot <= finding.last_slot
