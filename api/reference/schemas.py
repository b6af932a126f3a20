"""Bodies of reference rows and prices."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from api.schemas import Line, StrictInput

Year = Annotated[int, Field(ge=1900, le=2200)]
SlotNumber = Annotated[int, Field(ge=0, le=2**31 - 1)]
Zone = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,8}$")]


class HolidayRow(StrictInput):
    """A fixed day (month and day), or days after Easter Sunday; unconfirmed ones do not count yet."""

    month: Annotated[int, Field(ge=1, le=12)] | None
    day: Annotated[int, Field(ge=1, le=31)] | None
    easter_days: Annotated[int, Field(ge=-60, le=60)] | None
    name_en: Line
    name_it: Line
    from_year: Year | None
    to_year: Year | None
    confirmed: bool
    source: Line


class FactorRow(StrictInput):
    """Milligrams of CO2 a Wh of the grid over the slots of 900 s [valid_from, valid_to) since 1970."""

    mg_per_wh: Annotated[int, Field(ge=0, le=10_000)]
    year: Year
    source: Line
    valid_from: SlotNumber
    valid_to: SlotNumber | None


class NormRow(StrictInput):
    """What a household of a size uses in a year, over the slots of 900 s [valid_from, valid_to) since 1970."""

    people: Annotated[int, Field(ge=1, le=50)]
    year_wh: Annotated[int, Field(ge=1, le=10**12)]
    source: Line
    valid_from: SlotNumber
    valid_to: SlotNumber | None


class HolidaysBody(StrictInput):
    """All holidays."""

    items: Annotated[list[HolidayRow], Field(max_length=200)]


class FactorsBody(StrictInput):
    """All emission factors."""

    items: Annotated[list[FactorRow], Field(max_length=200)]


class NormsBody(StrictInput):
    """All household norms."""

    items: Annotated[list[NormRow], Field(max_length=200)]


class PriceParameters(BaseModel):
    """Prices of a zone over [from, to)."""

    model_config = ConfigDict(extra="forbid")

    zone: Zone
    start: Annotated[AwareDatetime, Field(alias="from")]
    to: AwareDatetime


class PriceBody(BaseModel):
    """A price [10^-6 EUR/MWh] from an instant on, for `step_s`."""

    start: str
    step_s: int
    ueur_mwh: int
    kind: Literal["actual", "scenario", "forecast"]


class PricesBody(BaseModel):
    """Prices of a zone, by instant."""

    zone: str
    items: list[PriceBody]
