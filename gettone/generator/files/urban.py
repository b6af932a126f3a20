"""UrbanDatasets `ElectricMeterReading-2.0`, one line a reading (§3.4)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gettone.generator.files.block import SLOT_S, Block, BlockWriter
from gettone.generator.files.decimals import kwh_text
from gettone.metering.flow import FlowConfig
from gettone.periods import utc_text
from gettone.types import Direction

DATASET = "ElectricMeterReading-2.0"
_UNITS = {"PODID": "dimensionless", "Direction": "dimensionless", "ActiveEnergy": "kilowattHour"}


@dataclass(frozen=True, slots=True)
class UrbanReadings:
    """A data set in UTC with the energy in kWh; injection and production are negative."""

    name: str = "urban-dataset"
    suffix: str = "json"

    @property
    def config(self) -> FlowConfig:
        """The configuration of the flow that reads these files."""
        return FlowConfig(
            source_class=7,
            unit=None,
            syntax="urban_dataset",
            options=(
                ("property.PODID", "device"),
                ("property.ActiveEnergy", "value"),
                ("property.Direction", "direction"),
                ("dataset", DATASET),
            ),
        )

    def takes(self, direction: Direction) -> bool:
        """All directions."""
        return True

    def open(self, path: Path, month: str) -> BlockWriter:
        """Begin a file."""
        return _UrbanWriter(path, month)


class _UrbanWriter:
    """Writes line by line, because a whole data set would not fit in memory."""

    def __init__(self, path: Path, month: str) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._first = True
        head = json.dumps(_head(month), separators=(",", ":"))
        self._file.write(head.removesuffix("]}}}"))

    def write(self, block: Block) -> int:
        """Append a line for each reading of a block; returns how many went in."""
        labels = [one.removesuffix("Z") for one in block.labels]
        ends = [*labels[1:], utc_text(block.start_s + SLOT_S * len(labels)).removesuffix("Z")]
        for device, values in zip(block.devices, block.wh.tolist(), strict=True):
            place = f'{{"name":"PODID","val":"{device}"}},{{"name":"Direction","val":"{int(block.direction)}"}}'
            for start, end, wh in zip(labels, ends, values, strict=True):
                self._file.write("\n" if self._first else ",\n")
                self._first = False
                self._file.write(
                    f'{{"period":{{"start_ts":"{start}","end_ts":"{end}"}},'
                    f'"property":[{place},{{"name":"ActiveEnergy","val":"{kwh_text(wh)}"}}]}}'
                )
        return int(block.wh.size)

    def close(self) -> None:
        """End the file."""
        self._file.write("\n]}}}\n")
        self._file.close()


def _head(month: str) -> dict[str, Any]:
    definitions = [{"propertyName": name, "unitOfMeasure": unit} for name, unit in _UNITS.items()]
    context = {
        "producer": {"id": "gettone-generator", "schemeID": "SCPS"},
        "timeZone": "UTC",
        "timestamp": f"{month}-01T00:00:00",
    }
    specification = {
        "version": "2.0",
        "id": {"value": DATASET, "schemeID": "SCPS"},
        "name": "ElectricMeterReading",
        "properties": {"propertyDefinition": definitions},
    }
    return {"UrbanDataset": {"context": context, "specification": specification, "values": {"line": []}}}
