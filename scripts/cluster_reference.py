"""The reference of metering specification §6: 537 Swiss meters, and 60 of them, grouped by shape.

Called by the check of the sample data; the files are CC BY-SA and stay outside this project.
"""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from gettone.clustering.curves import Series, mean_work_day_curves
from gettone.clustering.outcome import Outcome, group_by_shape
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Received
from oracle.formats.registry import read_batch

ZONE = ZoneInfo("Europe/Zurich")


def compare_clusters(folder: Path) -> Iterator[tuple[str, str, str]]:
    """(what, what must come out, what came out) for the two files in `folder`."""
    outcome, used = _grouped(folder / "swiss_537households_15min.parquet")
    silhouettes = " ".join(f"{outcome.silhouettes[k]:.4f}" for k in (2, 3, 4))
    yield "537 meters: used", "530", str(used)
    yield "537 meters: silhouettes of k 2, 3, 4", "0.4537 0.4573 0.1440", silhouettes
    yield "537 meters: sizes", "456 53 21", _sizes(outcome)
    yield "537 meters: index", "0.938 stable", _index(outcome)
    outcome, _ = _grouped(folder / "swiss_60households_15min.csv.gz")
    yield "60 meters: sizes", "51 9", _sizes(outcome)
    yield "60 meters: index", "0.476 unstable", _index(outcome)


def _grouped(path: Path) -> tuple[Outcome, int]:
    received = read_batch(path, FlowConfig())
    assert isinstance(received, Received)  # noqa: S101 - a flow of kind interval has interval rows
    start_s, step_s = int(received.start_s.min()), int(received.interval_s[0])
    slots = (int(received.start_s.max()) - start_s) // step_s + 1
    at = received.device, (received.start_s - start_s) // step_s
    wh = np.zeros((len(received.devices), slots), np.int64)
    known = np.zeros(wh.shape, bool)
    wh[at] = received.mantissa * 10 ** received.exponent.astype(np.int64)
    known[at] = True
    curves = mean_work_day_curves(Series(received.devices, wh, known, start_s, step_s), ZONE)
    return group_by_shape(curves), len(curves.names)


def _sizes(outcome: Outcome) -> str:
    return " ".join(str(size) for size in sorted((len(one.members) for one in outcome.groups), reverse=True))


def _index(outcome: Outcome) -> str:
    return f"{outcome.index:.3f} {'stable' if outcome.stable else 'unstable'}"


if __name__ == "__main__":
    import sys

    for what, expected, found in compare_clusters(Path(sys.argv[1])):
        print(f"{'ok ' if expected == found else 'DIFFERS'} {what}: {found} (reference {expected})")
