"""What a series is asked with, and how it is answered."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.formats import Format
from gettone.metering.calendar.resample import Buckets


class SeriesParameters(BaseModel):
    """The parameters of the route; `from` and `to` carry an offset, `tz` is the zone of days and months."""

    model_config = ConfigDict(extra="forbid")

    start: Annotated[AwareDatetime, Field(alias="from")]
    to: AwareDatetime
    resolution: Literal["slot", "hour", "day", "month"] = "slot"
    agg: Literal["sum", "mean", "min", "max"] = "sum"
    tz: Annotated[str | None, Field(max_length=64)] = None
    output: Annotated[Format, Field(alias="format")] = "json"


@dataclass(frozen=True, slots=True)
class SeriesQuery:
    """A checked question: slots [from_slot, to_slot) of a channel."""

    channel_id: int
    from_slot: int
    to_slot: int
    resolution: str
    aggregate: str
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Series:
    """An answer before it is written in a format."""

    query: SeriesQuery
    direction: int
    step_s: int
    buckets: Buckets


class SeriesBody(BaseModel):
    """A series by column; `wh` is null where nothing is known, `known` counts the native intervals with a value.

    `quality` is the lowest in the bucket: 0 where an interval is missing.
    """

    channel: int
    direction: int
    step_s: int
    resolution: str
    agg: str
    start: list[str]
    wh: list[int | None]
    known: list[int]
    expected: list[int]
    quality: list[int]
