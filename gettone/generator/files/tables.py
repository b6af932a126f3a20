"""The built-in profile as CSV and as Parquet: `device,timestamp_utc,interval_s,energy_wh,direction`."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from gettone.generator.files.block import SLOT_S, Block, BlockWriter
from gettone.metering.flow import FlowConfig
from gettone.types import Direction

# Values come in runs of one device or one step, so dictionaries make a file a fifth of its plain size.
_SCHEMA = pa.schema(
    [
        ("device", pa.string()),
        ("timestamp_utc", pa.string()),
        ("interval_s", pa.int32()),
        ("energy_wh", pa.int64()),
        ("direction", pa.int8()),
    ]
)


@dataclass(frozen=True, slots=True)
class ProfileCsv:
    """CSV in the built-in profile."""

    name: str = "profile-csv"
    suffix: str = "csv"

    @property
    def config(self) -> FlowConfig:
        """The configuration of the flow that reads these files."""
        return FlowConfig(source_class=7)

    def takes(self, direction: Direction) -> bool:
        """All directions."""
        return True

    def open(self, path: Path, month: str) -> BlockWriter:
        """Begin a file."""
        options = pyarrow.csv.WriteOptions(quoting_style="none", quoting_header="none")
        return _TableWriter(pyarrow.csv.CSVWriter(path, _SCHEMA, write_options=options))


@dataclass(frozen=True, slots=True)
class ProfileParquet:
    """Parquet in the built-in profile."""

    name: str = "profile-parquet"
    suffix: str = "parquet"

    @property
    def config(self) -> FlowConfig:
        """The configuration of the flow that reads these files."""
        return FlowConfig(source_class=7)

    def takes(self, direction: Direction) -> bool:
        """All directions."""
        return True

    def open(self, path: Path, month: str) -> BlockWriter:
        """Begin a file."""
        return _TableWriter(pyarrow.parquet.ParquetWriter(path, _SCHEMA, compression="zstd"))


class _TableWriter:
    """Appends blocks as rows, device by device."""

    def __init__(self, writer: "pyarrow.csv.CSVWriter | pyarrow.parquet.ParquetWriter") -> None:
        self._writer = writer

    def write(self, block: Block) -> int:
        """Append a block; returns how many rows went in."""
        devices, slots = block.wh.shape
        rows: int = block.wh.size
        table = pa.table(
            {
                "device": _repeated(list(block.devices), np.repeat(np.arange(devices), slots)),
                "timestamp_utc": _repeated(block.labels, np.tile(np.arange(slots), devices)),
                "interval_s": pa.array(np.full(rows, SLOT_S, np.int32)),
                "energy_wh": pa.array(block.wh.ravel()),
                "direction": pa.array(np.full(rows, int(block.direction), np.int8)),
            },
            schema=_SCHEMA,
        )
        self._writer.write_table(table)
        return rows

    def close(self) -> None:
        """End the file."""
        self._writer.close()


def _repeated(texts: list[str], which: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> pa.Array:
    return pa.array(texts, pa.string()).take(pa.array(which))
