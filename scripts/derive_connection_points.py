#!/usr/bin/env python3
"""Derive each home's connection point: its load and its production, netted per slot.

    python3 scripts/derive_connection_points.py READINGS.csv.gz CONNECTION_POINTS.csv.gz

READINGS has device (`home01-load`, `home01-pv`), timestamp_utc, interval_s, energy_wh (+ load, - production).
The result has one device per home, `home01`: + withdrawal from the grid, - injection into it.  A slot in
which one of the two channels is absent is left out: half a connection point is not a measurement.  The grid
reward models read this series, as the Italian rule of shared energy compares injected with withdrawn energy
at the points of delivery.
"""

import csv
import sys

from gzip_text import open_deterministic_gzip, open_gzip

CHANNELS = ("load", "pv")


def read_channels(source: str) -> dict[tuple[str, str, str], dict[str, int]]:
    """Energy [Wh] by (home, timestamp_utc, interval_s) and channel."""
    slots: dict[tuple[str, str, str], dict[str, int]] = {}
    with open_gzip(source) as lines:
        for row in csv.DictReader(lines):
            home, channel = row["device"].rsplit("-", 1)
            if channel not in CHANNELS:
                raise SystemExit(f"{source}: device {row['device']!r} is neither a load nor a pv channel")
            slot = slots.setdefault((home, row["timestamp_utc"], row["interval_s"]), {})
            slot[channel] = int(row["energy_wh"])
    return slots


def main(source: str, target: str) -> int:
    """Write the netted series, ordered by home and time; prints what was written and left out."""
    slots = read_channels(source)
    complete = {key: slot for key, slot in slots.items() if len(slot) == len(CHANNELS)}
    with open_deterministic_gzip(target) as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["device", "timestamp_utc", "interval_s", "energy_wh"])
        for home, timestamp, interval in sorted(complete):
            writer.writerow([home, timestamp, interval, sum(complete[home, timestamp, interval].values())])
    print(f"{len(complete)} slots written to {target}, {len(slots) - len(complete)} left out")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
