"""Series like measured ones, from a file in the built-in profile to another (mode `seed` of the generator)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from gettone.errors import InputError
from gettone.generator.seeding import SeedMode, like_seed
from gettone.metering.flow import FlowConfig
from gettone.metering.received import NO_DIRECTION, Received
from gettone.periods import load_zone, utc_text
from oracle.formats.registry import read_batch

Progress = Callable[[str], None]
HEADER = "device,timestamp_utc,interval_s,energy_wh,direction\n"


def generate_like(
    measured: Path,
    written: Path,
    *,
    seed: str,
    copies: int,
    timezone: str,
    mode: SeedMode,
    progress: Progress | None = None,
) -> int:
    """Write `copies` series like each one of `measured`, named `<device>-like-<number>`; returns how many.

    Slots that the measured series lacks are lacking in its copies too.  InputError for a file with rows that cannot
    be read, or with a series whose intervals differ in length.
    """
    if copies < 1:
        raise InputError("copies", f"{copies} copies cannot be made: give 1 or more")
    received = read_batch(measured, FlowConfig())
    assert isinstance(received, Received)  # noqa: S101 - a flow of kind interval has interval rows
    if received.broken:
        first = received.broken[0]
        raise InputError("row_rejected", f"{measured}, row {first.row}: {first.reason}; mend it first [{first.code}]")
    made = 0
    part = written.with_name(written.name + ".part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEADER)
        for name, direction, rows in _series(received):
            for number in range(1, copies + 1):
                label = f"{name}-like-{number}"
                file.writelines(_lines(received, rows, label, direction, seed, timezone, mode))
                made += 1
            if progress is not None:
                progress(f"{made} series")
    part.replace(written)
    return made


def _series(received: Received) -> Iterator[tuple[str, int, np.ndarray[tuple[int], np.dtype[np.int64]]]]:
    """Device, direction and the rows in order of time, of each series."""
    order = np.lexsort((received.start_s, received.direction, received.device))
    key = received.device[order].astype(np.int64) * 8 + received.direction[order]
    for rows in np.split(order, np.flatnonzero(np.diff(key)) + 1):
        if rows.size:
            yield received.devices[received.device[rows[0]]], int(received.direction[rows[0]]), rows


def _lines(
    received: Received,
    rows: np.ndarray[tuple[int], np.dtype[np.int64]],
    label: str,
    direction: int,
    seed: str,
    timezone: str,
    mode: SeedMode,
) -> Iterator[str]:
    step_s = int(received.interval_s[rows[0]])
    starts = received.start_s[rows]
    if (received.interval_s[rows] != step_s).any() or (np.diff(starts) <= 0).any() or (starts % step_s).any():
        raise InputError("series_steps", f"{label}: the measured series has intervals of several lengths, or twice")
    first_s = int(starts[0])
    at = (starts - first_s) // step_s
    wh = np.zeros(int(at[-1]) + 1, np.int64)
    wh[at] = received.mantissa[rows] * 10 ** received.exponent[rows].astype(np.int64)
    made = like_seed(wh, first_s, step_s, load_zone(timezone), seed=seed, name=label, mode=mode)
    stated = "" if direction == NO_DIRECTION else str(direction)
    for start_s, value in zip(starts.tolist(), made[at].tolist(), strict=True):
        yield f"{label},{utc_text(start_s)},{step_s},{value},{stated}\n"
