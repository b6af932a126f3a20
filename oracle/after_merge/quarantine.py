"""Taking values back that the rules distrust once they are merged: they wait for a person, the slot is missing (V14).

The check is a batch of its own: it withdraws each value and holds it beside.  So readings as of an earlier batch are
still what they were, and readings as of this one miss what waits.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from gettone.db.repositories.batches import Batches, BatchRow, Counters
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.held_values import CurrentValue, HeldValues
from gettone.db.repositories.readings import Readings
from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.rules.versions import NewReading, NewVersion
from gettone.types import Quality

CHECKS_FLOW = "after-merge checks"
WITHDRAWN_RANK = 0
"""Below every source: whatever is measured for the slot later takes its place."""


class SlotRange(NamedTuple):
    """Slots [from_slot, to_slot) of a channel."""

    channel_id: int
    from_slot: int
    to_slot: int


def quarantine(connection: Connection, ranges: Sequence[SlotRange], code: Code, now_ms: int) -> int:
    """Hold back the measured current values of these ranges; how many.  Repeating it finds none and does nothing."""
    values = [value for one in ranges for value in _measured(connection, one)]
    if not values:
        return 0
    batch_id = _add_batch(connection, code, len(values), now_ms)
    readings = Readings(connection)
    channels = sorted({one.channel_id for one in values})
    box = (channels, min(one.slot for one in values), max(one.slot for one in values) + 1)
    last, waiting = readings.last_versions(*box), readings.held_back(*box)
    withdrawn, versions = [], []
    for value in values:
        number = max(last.get(value[:2], 0), value.version) + 1
        measured = (value.wh, value.quality, value.rank)
        versions.append(NewVersion(*value[:2], value.version, *measured, value.batch_id, "superseded"))
        # The same value may have been held before and delivered again: one person decides once.
        if (*value[:2], value.wh, value.rank) not in waiting:
            versions.append(NewVersion(*value[:2], number, *measured, batch_id, "quarantined"))
            number += 1
        withdrawn.append(NewReading(*value[:2], 0, int(Quality.MISSING), WITHDRAWN_RANK, number, batch_id))
    readings.replace(withdrawn)
    readings.add_versions(versions)
    return len(values)


def _measured(connection: Connection, one: SlotRange) -> list[CurrentValue]:
    """The measured values of a range that no person let stand."""
    values = HeldValues(connection)
    accepted = set(values.accepted([one.channel_id], one.from_slot, one.to_slot))
    current = values.current(one.channel_id, one.from_slot, one.to_slot)
    return [value for value in current if Quality(value.quality).earns and value[:2] not in accepted]


def _add_batch(connection: Connection, code: Code, count: int, now_ms: int) -> int:
    flow = Flows(connection).get_or_create(CHECKS_FLOW, FlowConfig())
    batches = Batches(connection)
    batch_id = batches.next_id()
    report = json.dumps({"codes": {code: count}}, sort_keys=True, separators=(",", ":"))
    counters = Counters(rows_quarantined=count)
    batches.add(BatchRow(batch_id, flow.flow_id, None, 0, now_ms, "done", counters, report))
    return batch_id
