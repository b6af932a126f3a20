"""Messages as devices publish them over MQTT or send them to the REST door: one JSON object a line (§3.2)."""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from gettone.generator.files.block import SLOT_S, Block, BlockWriter
from gettone.metering.flow import FlowConfig
from gettone.types import Direction


@dataclass(frozen=True, slots=True)
class Messages:
    """One message a device, direction and local day; `device` stands in it, as no topic says it in a file."""

    name: str = "messages"
    suffix: str = "jsonl"

    @property
    def config(self) -> FlowConfig:
        """The configuration of the flow that reads these files."""
        return FlowConfig(source_class=7, syntax="json", unit=None)

    def takes(self, direction: Direction) -> bool:
        """All directions."""
        return True

    def open(self, path: Path, month: str) -> BlockWriter:
        """Begin a file."""
        return _MessageWriter(path)


class _MessageWriter:
    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")

    def write(self, block: Block) -> int:
        """Append the messages of a block; returns how many values went in."""
        labels = block.labels
        for device, values in zip(block.devices, block.wh.tolist(), strict=True):
            for day, first, end in block.day_bounds:
                # The id is made of device and day, so that sending it again is seen as such.
                message = {
                    "v": 1,
                    "id": sha256(f"{device}/{int(block.direction)}/{day}".encode()).hexdigest()[:16],
                    "device": device,
                    "dir": int(block.direction),
                    "kind": "interval",
                    "unit": "Wh",
                    "from": labels[first],
                    "step": SLOT_S,
                    "values": values[first:end],
                }
                self._file.write(json.dumps(message, separators=(",", ":")) + "\n")
        return int(block.wh.size)

    def close(self) -> None:
        """End the file."""
        self._file.close()
