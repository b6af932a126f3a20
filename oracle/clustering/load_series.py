"""The load of members and devices as series of one step, from the readings of a period."""

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from sqlalchemy import Connection

from gettone.clustering.curves import BoolArray, Int64Array, Series
from gettone.db.columns import SLOT_S
from gettone.db.repositories.holdings import HeldChannel, held_channels
from gettone.db.repositories.series import read_dense
from gettone.errors import InputError, MissingInput
from gettone.types import Direction, SettlementPeriod

HOUR_S = 3600
QUARTERS_OF_HOUR = HOUR_S // SLOT_S
# Load where it is measured; else what is withdrawn from the grid (basis `grid` of §5), alone or netted.
_LOADS = (Direction.LOAD, Direction.WITHDRAWAL, Direction.EXCHANGE)

Owner = Callable[[HeldChannel], str]


def load_series(connection: Connection, community_id: int, period: SettlementPeriod, owner: Owner) -> Series:
    """One series an owner (a member, or a device), in quarters, or in hours where a channel has longer steps.

    Channels of one owner are summed, and a slot is known when all of them are.  MissingInput when the community has
    no load in the period.
    """
    from_slot, to_slot = period.start_s // SLOT_S, period.end_s // SLOT_S
    held = [
        one
        for one in held_channels(connection, community_id)
        if one.direction in _LOADS and one.from_slot < to_slot and from_slot < one.to_slot
    ]
    by_owner = _preferred(held, owner)
    chosen = [one for channels in by_owner.values() for one in channels]
    if not chosen:
        raise MissingInput("no_load", "no member of this community has a channel of load or withdrawal in this period")
    step_s = SLOT_S if all(one.step_s == SLOT_S for one in chosen) else HOUR_S
    if period.start_s % step_s:
        raise InputError("cluster_zone", "hourly values cannot be put on local hours in this time zone")
    wh, known = _read(connection, chosen, from_slot, to_slot, step_s)
    rows = {id(one): row for row, one in enumerate(chosen)}
    names = sorted(by_owner)
    picked = [[rows[id(one)] for one in by_owner[name]] for name in names]
    return Series(
        tuple(names),
        np.array([wh[row].sum(axis=0) for row in picked]),
        np.array([_known_of(known, [chosen[one] for one in row], row) for row in picked]),
        period.start_s,
        step_s,
    )


def _preferred(held: Sequence[HeldChannel], owner: Owner) -> dict[str, list[HeldChannel]]:
    """For each owner the channels of the first kind of load it has."""
    found: dict[str, dict[Direction, list[HeldChannel]]] = defaultdict(lambda: defaultdict(list))
    for one in held:
        found[owner(one)][one.direction].append(one)
    return {name: next(kinds[one] for one in _LOADS if one in kinds) for name, kinds in found.items()}


def _read(
    connection: Connection, held: Sequence[HeldChannel], from_slot: int, to_slot: int, step_s: int
) -> tuple[Int64Array, BoolArray]:
    """Wh and whether it is known, of each holding in slots of step_s; outside the holding nothing is known."""
    ids = sorted({one.channel_id for one in held})
    wh, quality = read_dense(connection, ids, from_slot, to_slot)
    rows = np.searchsorted(ids, [one.channel_id for one in held])
    slots = np.arange(from_slot, to_slot)
    within = np.array([(slots >= one.from_slot) & (slots < one.to_slot) for one in held])
    exchanged = np.array([one.direction is Direction.EXCHANGE for one in held])[:, None]
    load = np.where(exchanged, np.maximum(wh[rows], 0), wh[rows])
    known = (quality[rows] != 0) & within
    if step_s == SLOT_S:
        return np.where(known, load, 0), known
    return _hours(np.where(known, load, 0), known, held)


def _hours(wh: Int64Array, known: BoolArray, held: Sequence[HeldChannel]) -> tuple[Int64Array, BoolArray]:
    """Sums of hours; an hour is known when all its intervals are."""
    quarters = known.reshape(len(held), -1, QUARTERS_OF_HOUR)
    intervals = np.array([HOUR_S // one.step_s for one in held])[:, None]
    complete: BoolArray = quarters.sum(axis=2) == intervals
    return wh.reshape(quarters.shape).sum(axis=2), complete


def _known_of(known: BoolArray, channels: Sequence[HeldChannel], rows: list[int]) -> BoolArray:
    """A slot is known when every channel of the owner is; holdings one after the other are one channel."""
    by_channel: dict[int, BoolArray] = {}
    for channel, row in zip(channels, rows, strict=True):
        by_channel[channel.channel_id] = by_channel.get(channel.channel_id, np.zeros_like(known[0])) | known[row]
    every: BoolArray = np.logical_and.reduce(list(by_channel.values()))
    return every
