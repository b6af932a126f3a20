#!/usr/bin/env python3
"""Import all open data files through the connectors, and compare what comes out with what is known of them.

    python scripts/check_data.py FOLDER [NAME ...] [--database URL]     exits 1 if anything is not as documented

Writes the table into docs/metering.md when all files were checked (metering specification §10); each file gets a
database of its own: SQLite in a temporary folder, or made on the server of a PostgreSQL URL and dropped again.  The
files under GPL-3.0 and CC BY-SA are only read, never copied.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.data_checks.installation import Place  # noqa: E402 - found only now
from scripts.data_checks.many_meters import check_fontana, check_swiss_60, check_swiss_537  # noqa: E402 - as above
from scripts.data_checks.price_scenario import check_prices  # noqa: E402 - as above
from scripts.data_checks.single_meters import (  # noqa: E402 - as above
    check_australia,
    check_building,
    check_konstanz,
    check_lucerne,
)
from scripts.data_checks.table import Line, markdown  # noqa: E402 - as above

CHECKS: dict[str, Callable[[Place, Path], list[Line]]] = {
    "konstanz": check_konstanz,
    "building": check_building,
    "lucerne": check_lucerne,
    "swiss_60": check_swiss_60,
    "swiss_537": check_swiss_537,
    "fontana": check_fontana,
    "australia": check_australia,
    "prices": check_prices,
}
PAGE = ROOT / "docs" / "metering.md"
BEGIN, END = "<!-- begin: scripts/check_data.py -->", "<!-- end: scripts/check_data.py -->"
TITLE = """# The metering platform on real data

The open data files go through the connectors into a database; the table says what must come out by the metering
specification and by the description of the files, and what does. `make check-data DATA=<folder>` writes it.

"""


def main(data: Path, names: list[str], server: str | None) -> int:
    """Run the checks asked for; prints the table, and writes it if all were run."""
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in names or list(CHECKS):
            started = time.monotonic()
            found = CHECKS[name](Place(Path(folder), server), data)
            lines += found
            print(
                f"{name}: {sum(one.met for one in found)} of {len(found)} as documented, {_since(started)}", flush=True
            )
    print(markdown(lines))
    if not names:
        write_page(markdown(lines))
    return 0 if all(one.met for one in lines) else 1


def write_page(table: str) -> None:
    """Put the table into its place on the page, which is made if there is none."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else f"{TITLE}{BEGIN}\n{END}\n"
    head, _, rest = page.partition(BEGIN)
    PAGE.write_text(f"{head}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def _since(started: float) -> str:
    return f"{time.monotonic() - started:.0f} s"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="Folder with the open data files.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"Of {', '.join(CHECKS)}; all where none is given.")
    parser.add_argument("--database", metavar="URL", help="postgresql://USER@HOST/NAME of a server; default SQLite.")
    given = parser.parse_args()
    if not given.folder.is_dir() or not set(given.names) <= set(CHECKS):
        parser.error("give the folder of the files, and names of those that there are")
    sys.exit(main(given.folder, given.names, given.database))
