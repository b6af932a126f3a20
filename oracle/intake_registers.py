"""What registers leave beside values: bases that later ones are counted from, and what lies between."""

from collections.abc import Iterable

from sqlalchemy import Connection

from gettone.db.columns import SLOT_S
from gettone.db.repositories.gaps import EstimateRow, GapRow, Gaps
from gettone.db.repositories.register_bases import StoredBases
from gettone.metering.checks.estimation import EstimateRule
from gettone.metering.checks.gaps import LONG_GAP_S, GapState
from gettone.metering.registry import Registry
from gettone.metering.values import RegisterBases, Validated


def known_bases(connection: Connection, flow_id: int, registry: Registry) -> RegisterBases:
    """The stored bases of a flow for all channels of the devices of a batch."""
    ids = sorted({channel.channel_id for device in registry.values() for channel in device.channels})
    return StoredBases(connection, flow_id).known(ids)


def store_registers(
    connection: Connection, flow_id: int, batch_id: int, validated: Validated, registry: Registry
) -> None:
    """Store the bases, estimates and gaps of a batch; the rules after the merge judge the gaps."""
    StoredBases(connection, flow_id).change(batch_id, validated.spent_bases, validated.bases)
    gaps = Gaps(connection)
    _store_estimates(gaps, validated, batch_id)
    steps_s = {one.channel_id: one.step_s for device in registry.values() for one in device.channels}
    known = validated.gaps
    columns = (known.channel_id.tolist(), known.first_slot.tolist(), known.slots.tolist(), known.wh.tolist())
    rows = [
        _gap(channel_id, first_slot, slots, wh, steps_s[channel_id])
        for channel_id, first_slot, slots, wh in zip(*columns, strict=True)
    ]
    for row in rows:
        end = row.first_slot + row.slots * steps_s[row.channel_id] // SLOT_S
        gaps.replace(gaps.overlapping([row.channel_id], row.first_slot, end), [row])


def _store_estimates(gaps: Gaps, validated: Validated, batch_id: int) -> None:
    found = validated.estimates
    if not len(found):
        return
    columns = (found.channel_id.tolist(), found.slot.tolist(), found.wh.tolist())
    rows = [
        EstimateRow(channel_id, slot, wh, EstimateRule.T_INTERP) for channel_id, slot, wh in zip(*columns, strict=True)
    ]
    keys = {(row.channel_id, row.slot) for row in rows}
    stored = gaps.estimates(_channels(rows), min(row.slot for row in rows), max(row.slot for row in rows) + 1)
    gaps.replace_estimates([one for one in stored if (one.channel_id, one.slot) in keys], rows, batch_id)


def _channels(rows: Iterable[EstimateRow]) -> list[int]:
    return sorted({row.channel_id for row in rows})


def _gap(channel_id: int, first_slot: int, slots: int, wh: int, step_s: int) -> GapRow:
    """A known gap in steps of its channel; whether it can be filled is not known before its neighbours are."""
    state = GapState.LONG if slots * SLOT_S >= LONG_GAP_S else GapState.UNFILLED
    return GapRow(channel_id, first_slot, slots * SLOT_S // step_s, wh, state.value)
