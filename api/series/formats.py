"""A series as JSON, CSV, JSON lines or Parquet."""

import base64
import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

import pyarrow as pa
from fastapi import Response
from pyarrow import parquet

from api.series.schemas import Series, SeriesBody
from gettone.metering.calendar.resample import DAY, MONTH, SLOT_S

COLUMNS = ("start", "wh", "known", "expected", "quality")
MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
}


def answer(series: Series, name: str) -> Response:
    """The answer in a format, with its digest (RFC 9530); instants are UTC, local days carry their offset."""
    columns = _columns(series)
    content = {"json": _json, "csv": _csv, "jsonl": _jsonl, "parquet": _parquet}[name](series, columns)
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return Response(content, media_type=MEDIA_TYPES[name], headers={"Content-Digest": f"sha-256=:{digest}:"})


def _columns(series: Series) -> dict[str, list[Any]]:
    buckets, query = series.buckets, series.query
    zone = query.zone if query.resolution in (DAY, MONTH) else UTC
    return {
        "start": [_instant(slot, zone) for slot in buckets.start.tolist()],
        "wh": [
            value if known else None for value, known in zip(buckets.wh.tolist(), buckets.known.tolist(), strict=True)
        ],
        "known": buckets.known.tolist(),
        "expected": buckets.expected.tolist(),
        "quality": buckets.quality.tolist(),
    }


def _instant(slot: int, zone: tzinfo) -> str:
    return datetime.fromtimestamp(slot * SLOT_S, zone).isoformat().replace("+00:00", "Z")


def _json(series: Series, columns: dict[str, list[Any]]) -> bytes:
    query = series.query
    body = SeriesBody(
        channel=query.channel_id,
        direction=series.direction,
        step_s=series.step_s,
        resolution=query.resolution,
        agg=query.aggregate,
        **columns,
    )
    return body.model_dump_json().encode()


def _csv(_series: Series, columns: dict[str, list[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_rows(columns))
    return text.getvalue().encode()


def _jsonl(_series: Series, columns: dict[str, list[Any]]) -> bytes:
    lines = (json.dumps(dict(zip(COLUMNS, row, strict=True)), separators=(",", ":")) for row in _rows(columns))
    return "".join(line + "\n" for line in lines).encode()


def _parquet(_series: Series, columns: dict[str, list[Any]]) -> bytes:
    types = [pa.string(), pa.int64(), pa.int64(), pa.int64(), pa.int8()]
    table = pa.table({name: pa.array(columns[name], kind) for name, kind in zip(COLUMNS, types, strict=True)})
    sink = io.BytesIO()
    parquet.write_table(table, sink)
    return sink.getvalue()


def _rows(columns: dict[str, list[Any]]) -> Iterator[tuple[Any, ...]]:
    return zip(*(columns[name] for name in COLUMNS), strict=True)
