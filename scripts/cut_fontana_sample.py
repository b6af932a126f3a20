#!/usr/bin/env python3
"""Cut the Fontana sample out of the full open data file: August to October 2016, local time.

    python3 scripts/cut_fontana_sample.py FULL.csv.gz samples/fontana/readings.csv.gz

FULL has device, timestamp_utc (slot start), interval_s, energy_wh and more; the sample keeps four.
August is there because the percentile limit of the no-peaks model reads the 28 days before a period.
Source and licence of the data: samples/fontana/CREDITS.md.
"""

import csv
import sys

from gzip_text import open_deterministic_gzip, open_gzip

FROM_UTC, TO_UTC = "2016-08-01T07:00:00Z", "2016-11-01T07:00:00Z"
COLUMNS = ["device", "timestamp_utc", "interval_s", "energy_wh"]


def main(source: str, target: str) -> int:
    """Copy the rows of the three months; prints how many."""
    rows = 0
    with open_gzip(source) as lines, open_deterministic_gzip(target) as out:
        writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for row in csv.DictReader(lines):
            if FROM_UTC <= row["timestamp_utc"] < TO_UTC:
                writer.writerow(row)
                rows += 1
    print(f"{rows} rows written to {target}")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
