"""The readings of registers that a chain is made of: those of a batch, and the stored bases of its flow."""

import numpy as np

from gettone.metering.codes import Code
from gettone.metering.energy import register_energies
from gettone.metering.exact import BoolArray
from gettone.metering.flow import FlowConfig
from gettone.metering.received import ReceivedRegisters, Rejected
from gettone.metering.registers.chain import Readings
from gettone.metering.registry import ChannelTable, Registry
from gettone.metering.rules.alignment import snap
from gettone.metering.rules.judgement import Rows
from gettone.metering.rules.tally import Tally
from gettone.metering.rules.validation import stated_direction
from gettone.metering.values import RegisterBases
from gettone.types import Quality


def register_rows(received: ReceivedRegisters, registry: Registry, flow: FlowConfig, receipt_s: int) -> Rows:
    """The rows with their channels and registers [Wh], for the rules to judge."""
    table = ChannelTable.of(received.devices, registry)
    count = len(received.row)
    length_s = np.full(count, flow.step_s or 0, np.int64)
    asked = None if flow.step_s is None else length_s.astype(np.int32)
    energy = register_energies(received, flow)
    return Rows(
        received=received,
        flow=flow,
        receipt_s=receipt_s,
        table=table,
        channel=table.find(received.device, asked, stated_direction(received, flow)),
        start_s=received.at_s,
        end_s=received.at_s,
        length_s=length_s,
        off_s=np.zeros(count, np.int64),
        energy=energy,
        wh=energy.to_wh(),
    )


def new_readings(rows: Rows, good: BoolArray, tally: Tally) -> Readings:
    """The readings of the batch, near ones on their boundary, one per instant."""
    quality = rows.received.quality
    absent = good & (quality == Quality.MISSING)
    tally.missing += int(absent.sum())
    tally.note(Code.M_DECLARED, int(absent.sum()))
    at = np.flatnonzero(good & ~absent)
    channel = rows.channel[at]
    step_s = rows.table.step_s[channel].astype(np.int64)
    at_s, _ = snap(rows.start_s[at], step_s, rows.flow.snap_s)
    tally.note(Code.T_SNAPPED, int((at_s != rows.start_s[at]).sum()))
    found = Readings(at, channel, rows.table.channel_id[channel], at_s, rows.wh[at], quality[at], step_s, at < 0)
    found = found.take(np.lexsort((found.at_s, found.channel_id)))
    starts = np.flatnonzero(_first_of_instants(found))
    sizes = np.diff(np.append(starts, len(found.at)))
    first = np.repeat(starts, sizes)
    same = (found.wh == found.wh[first]) & (found.quality == found.quality[first])
    agreed = np.logical_and.reduceat(same, starts) if len(starts) else same
    tally.repeat(int((sizes - 1)[agreed].sum()))
    conflicting = found.at[~np.repeat(agreed, sizes)]
    reason, column = "other rows of the batch give this register another value", rows.flow.column("value")
    tally.reject(Rejected(int(row), Code.D_CONFLICT, column, reason) for row in rows.received.row[conflicting])
    return found.take(starts[agreed])


def with_known(new: Readings, known: RegisterBases, table: ChannelTable, tally: Tally) -> tuple[Readings, Readings]:
    """New readings among the stored bases of their channels; and the stored ones that a new one replaces."""
    place = np.minimum(np.searchsorted(new.channel_id, known.channel_id), max(len(new.at) - 1, 0))
    asked = np.flatnonzero(new.channel_id[place] == known.channel_id) if len(new.at) else np.empty(0, np.int64)
    channel = new.channel[place[asked]]
    stored = Readings(
        np.full(len(asked), -1, np.int64), channel, known.channel_id[asked], known.at_s[asked], known.wh[asked],
        known.quality[asked], table.step_s[channel].astype(np.int64), known.joined[asked],
    )  # fmt: skip
    both = joined(stored, new)
    second = ~_first_of_instants(both)
    # Of one instant the stored base stands first; it stays where the new reading says the same.
    pairs = np.flatnonzero(second)
    same = (both.wh[pairs] == both.wh[pairs - 1]) & (both.quality[pairs] == both.quality[pairs - 1])
    tally.repeat(int(same.sum()))
    left_out = np.zeros(len(second), np.bool_)
    left_out[pairs[same]] = left_out[pairs[~same] - 1] = True
    return both.take(~left_out), both.take(pairs[~same] - 1)


def bases_of(readings: Readings) -> RegisterBases:
    """Readings as bases that later ones are counted from."""
    return RegisterBases(readings.channel_id, readings.at_s, readings.wh, readings.quality, readings.joined)


def joined(one: Readings, other: Readings) -> Readings:
    """Both, sorted by channel id and instant; of one instant those of the first stand first."""
    both = Readings(
        np.concatenate((one.at, other.at)),
        np.concatenate((one.channel, other.channel)),
        np.concatenate((one.channel_id, other.channel_id)),
        np.concatenate((one.at_s, other.at_s)),
        np.concatenate((one.wh, other.wh)),
        np.concatenate((one.quality, other.quality)),
        np.concatenate((one.step_s, other.step_s)),
        np.concatenate((one.joined, other.joined)),
    )
    return both.take(np.lexsort((both.at_s, both.channel_id)))


def _first_of_instants(readings: Readings) -> BoolArray:
    first = np.ones(len(readings.at), np.bool_)
    first[1:] = np.diff(readings.at_s) != 0
    first[1:] |= np.diff(readings.channel_id) != 0
    return first
