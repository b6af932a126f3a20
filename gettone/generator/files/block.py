"""What a writer gets: readings of some devices in one direction over whole local days of one month."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import numpy as np

from gettone.generator.draws import Int64Array
from gettone.metering.flow import FlowConfig
from gettone.periods import midnight_s, utc_text
from gettone.types import Direction

SLOT_S = 900


@dataclass(frozen=True, slots=True)
class Block:
    """Signed Wh [devices, slots of 900 s] of one direction from the start of `days[0]` to the end of `days[-1]`."""

    devices: tuple[str, ...]
    direction: Direction
    days: tuple[date, ...]
    zone: ZoneInfo
    wh: Int64Array

    @property
    def start_s(self) -> int:
        """Start of the first slot [unix s]."""
        return midnight_s(self.days[0], self.zone)

    @property
    def labels(self) -> list[str]:
        """UTC starts of the slots as text."""
        return [utc_text(self.start_s + SLOT_S * slot) for slot in range(self.wh.shape[1])]

    @property
    def day_bounds(self) -> list[tuple[date, int, int]]:
        """Each local day with its first slot and the one after its last."""
        starts = np.array([midnight_s(day, self.zone) for day in self.days])
        bounds = [*((starts - self.start_s) // SLOT_S), self.wh.shape[1]]
        return [(day, int(bounds[at]), int(bounds[at + 1])) for at, day in enumerate(self.days)]


class Source(Protocol):
    """One kind of file: which flow it belongs to, and how blocks are written to it."""

    @property
    def name(self) -> str:
        """Its name, by which files and flows are called."""

    @property
    def suffix(self) -> str:
        """The end of its file names, without a dot."""

    @property
    def config(self) -> FlowConfig:
        """The configuration of the flow that reads these files."""

    def takes(self, direction: Direction) -> bool:
        """Whether such a source carries a direction."""

    def open(self, path: Path, month: str) -> "BlockWriter":
        """Begin a file for a local month such as `2026-03`."""


class BlockWriter(Protocol):
    """A file that is being written."""

    def write(self, block: Block) -> int:
        """Append a block; returns how many values went in."""

    def close(self) -> None:
        """End the file."""
