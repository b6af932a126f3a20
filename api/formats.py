"""Tables as CSV, JSON lines or Parquet, and every export with the digest of its bytes (RFC 9530)."""

import base64
import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa
from fastapi import Response
from pyarrow import parquet

Format = Literal["json", "csv", "jsonl", "parquet"]
MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
}
# What a spreadsheet would run.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Exported:
    """A table by column, with the type of each; all columns have one length."""

    types: Mapping[str, pa.DataType]
    columns: Mapping[str, Sequence[Any]]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows, in the order of the columns."""
        return zip(*(self.columns[name] for name in self.types), strict=True)


def export_answer(table: Exported, name: Format, as_json: bytes) -> Response:
    """The answer in a format; `as_json` is the JSON of it, whose form each route chooses."""
    content = as_json if name == "json" else _WRITERS[name](table)
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return Response(content, media_type=MEDIA_TYPES[name], headers={"Content-Digest": f"sha-256=:{digest}:"})


def _csv(table: Exported) -> bytes:
    texts = [pa.types.is_string(kind) for kind in table.types.values()]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(table.types)
    for row in table.rows():
        writer.writerow([_cell(value) if is_text else value for value, is_text in zip(row, texts, strict=True)])
    return text.getvalue().encode()


def _cell(value: str | None) -> str | None:
    """A text that no spreadsheet takes for a formula; numbers with a sign stay numbers."""
    if value is None or not value.startswith(FORMULA_STARTS) or value[1:].isdecimal():
        return value
    return "'" + value


def _jsonl(table: Exported) -> bytes:
    names = tuple(table.types)
    lines = (json.dumps(dict(zip(names, row, strict=True)), separators=(",", ":")) for row in table.rows())
    return "".join(line + "\n" for line in lines).encode()


def _parquet(table: Exported) -> bytes:
    arrays = {name: pa.array(table.columns[name], kind) for name, kind in table.types.items()}
    sink = io.BytesIO()
    parquet.write_table(pa.table(arrays), sink)
    return sink.getvalue()


_WRITERS = {"csv": _csv, "jsonl": _jsonl, "parquet": _parquet}
