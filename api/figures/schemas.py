"""What figures are asked with, and how they are answered."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.formats import Format
from api.schemas import Strict

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]
Month = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
Cell = int | str | bool | None


class Days(BaseModel):
    """Local days [from, to) of the community."""

    model_config = ConfigDict(extra="forbid")

    start: Annotated[Day, Field(alias="from")]
    to: Day


class TotalsParameters(Days):
    """Over which days, how finely, and in which format."""

    resolution: Literal["slot", "hour", "day", "week", "month", "year"] = "day"
    output: Annotated[Format, Field(alias="format")] = "json"


class KpiParameters(Days):
    """Over which days; all indicators at once (whole) or over time, or a dashboard (`level`) instead."""

    resolution: Literal["slot", "hour", "day", "week", "month", "year", "whole"] = "whole"
    level: Annotated[int | None, Field(ge=1, le=2)] = None


class MonthParameters(BaseModel):
    """A local month, as 2016-09."""

    model_config = ConfigDict(extra="forbid")

    month: Month


class ColumnBody(Strict):
    """A column of a table, with the unit of its numbers."""

    name: str
    unit: str


class NoteBody(Strict):
    """A sentence about a table by its key, with its values."""

    note: str
    values: list[Cell]


class WidgetBody(Strict):
    """A table; one that may not be shown has no rows and says why in `withheld`.

    `coverage_bp`, `measured_bp`: parts of the expected time with a value and with a measured one; below 9,000 bp
    coverage the figures are provisional.
    """

    widget: str
    columns: list[ColumnBody]
    rows: list[list[Cell]]
    coverage_bp: int | None
    measured_bp: int | None
    provisional: bool
    withheld: str | None
    notes: list[NoteBody]


class FiguresBody(Strict):
    """Figures over the local days [from, to)."""

    community: str
    timezone: str
    member: str | None
    from_: Annotated[str, Field(alias="from")]
    to: str
    widgets: list[WidgetBody]


class GroupsBody(Strict):
    """Groups of curves, the newest first."""

    items: list[dict[str, Any]]
