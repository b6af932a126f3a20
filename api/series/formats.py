"""A series as a table of its buckets."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

import pyarrow as pa
from fastapi import Response

from api.formats import Exported, Format, export_answer
from api.series.schemas import Series, SeriesBody
from gettone.metering.calendar.resample import DAY, MONTH, SLOT_S

TYPES: Mapping[str, pa.DataType] = {
    "start": pa.string(),
    "wh": pa.int64(),
    "known": pa.int64(),
    "expected": pa.int64(),
    "quality": pa.int8(),
}


def answer(series: Series, name: Format) -> Response:
    """The answer in a format; instants are UTC, local days carry their offset."""
    columns = _columns(series)
    return export_answer(Exported(TYPES, columns), name, _json(series, columns))


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
