"""Tables in files: CSV, gzip of CSV, or Parquet, told apart by their first bytes; rows come with their numbers."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gettone.errors import InputError

Row = tuple[int, dict[str, Any]]

_GZIP_MAGIC = b"\x1f\x8b"
_PARQUET_MAGIC = b"PAR1"


def read_table(path: Path, required: Sequence[str], optional: Sequence[str]) -> Iterator[Row]:
    """Row number and values by column, of the columns asked for; InputError names the file and the reason.

    The number is the line of a CSV file (the header is line 1), or counts from 1 in a Parquet file.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(4)
        if magic == _PARQUET_MAGIC:
            yield from _parquet_rows(path, required, optional)
        else:
            yield from _csv_rows(path, magic.startswith(_GZIP_MAGIC), required)
    except (OSError, EOFError, zlib.error, csv.Error, pa.ArrowException) as error:
        # The system's own text would name the file a second time.
        text = getattr(error, "strerror", None) or str(error) or type(error).__name__
        reason = text.splitlines()[0]
        raise InputError("file_unreadable", f"{path} cannot be read: {reason}") from None
    except UnicodeDecodeError:
        raise InputError("file_unreadable", f"{path} cannot be read: it is not text in UTF-8") from None


def _csv_rows(path: Path, compressed: bool, required: Sequence[str]) -> Iterator[Row]:
    with path.open("rb") as file:
        plain = gzip.GzipFile(fileobj=file) if compressed else file
        text = io.TextIOWrapper(plain, encoding="utf-8-sig", newline="")
        reader = csv.reader(text, strict=True)
        header = next(reader, [])
        _check_columns(path, header, required)
        for values in reader:
            if len(values) == len(header):
                yield reader.line_num, dict(zip(header, values, strict=True))
            elif values:
                raise InputError(
                    "row_width",
                    f"{path}, row {reader.line_num}: has {len(values)} columns, and the header has {len(header)}",
                )


def _parquet_rows(path: Path, required: Sequence[str], optional: Sequence[str]) -> Iterator[Row]:
    with pq.ParquetFile(path) as file:
        header = file.schema_arrow.names
        _check_columns(path, header, required)
        wanted = [name for name in (*required, *optional) if name in header]
        row = 0
        for batch in file.iter_batches(columns=wanted):
            for values in batch.to_pylist():
                row += 1
                yield row, values


def _check_columns(path: Path, header: Sequence[str], required: Sequence[str]) -> None:
    missing = [name for name in required if name not in header]
    if missing:
        shown = ", ".join(header) or "nothing"
        raise InputError(
            "column_missing", f"{path}: column {missing[0]} is missing, the header has {shown}; add or rename it"
        )
    repeated = [name for name in header if list(header).count(name) > 1]
    if repeated:
        raise InputError("column_repeated", f"{path}: column {repeated[0]} stands twice in the header")
