#!/usr/bin/env python3
"""Cut the samples of tests/data/metering out of a folder of the full open data files.

    python3 scripts/cut_metering_samples.py FOLDER tests/data/metering

Only files whose licence allows it are sampled; sources, licences and credits: tests/data/metering/CREDITS.md.
The samples keep the columns and figures of the full files, and cut only rows.
"""

import csv
import sys
from collections.abc import Callable
from pathlib import Path

from gzip_text import open_deterministic_gzip, open_gzip

# A row is kept if its label lies in one of these ranges: days around the changes of the clock, and of a register.
KONSTANZ = (("2016-01-15T00", "2016-01-16T00"), ("2016-03-26T22", "2016-03-28T02"), ("2016-10-29T21", "2016-10-31T02"))
FONTANA = (("2016-11-05T07", "2016-11-07T08"),)
FONTANA_DEVICES = ("home01-load", "home01-pv", "home14-pv")

Row = dict[str, str]


def main(folder: Path, target: Path) -> int:
    """Write each sample; prints how many rows it has."""
    target.mkdir(parents=True, exist_ok=True)
    cuts: dict[str, Callable[[Row], bool]] = {
        "konstanz_household_15min.csv.gz": lambda row: _within(row, KONSTANZ),
        "fontana_17homes_hourly.csv.gz": lambda row: row["device"] in FONTANA_DEVICES and _within(row, FONTANA),
        "au_pod_import_export_5min.csv.gz": lambda row: True,
        "italy_zonal_price_scenario_hourly.csv.gz": lambda row: True,
    }
    for name, kept in cuts.items():
        print(f"{_cut(folder / name, target / name, kept)} rows written to {target / name}")
    rejects = "fontana_17homes_rejects.csv"
    (target / rejects).write_bytes((folder / rejects).read_bytes())
    return 0


def _within(row: Row, ranges: tuple[tuple[str, str], ...]) -> bool:
    return any(first <= row["timestamp_utc"] < last for first, last in ranges)


def _cut(source: Path, target: Path, kept: Callable[[Row], bool]) -> int:
    with open_gzip(str(source)) as lines, open_deterministic_gzip(str(target)) as out:
        reader = csv.DictReader(lines)
        writer = csv.DictWriter(out, reader.fieldnames or [], lineterminator="\n")
        writer.writeheader()
        rows = [row for row in reader if kept(row)]
        writer.writerows(rows)
    return len(rows)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
