"""Reference rows that figures rest on: holidays, emission factors, what households of a size use."""

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from gettone.db.tables import EmissionFactor, Holiday, HouseholdNorm
from gettone.metering.calendar.holidays import HolidayRule

REGION = "IT"


@dataclass(frozen=True, slots=True)
class Factor:
    """Carbon dioxide [mg] a Wh from the grid, with the source and year that are printed beside each figure."""

    mg_per_wh: int
    source: str
    year: int


@dataclass(frozen=True, slots=True)
class Norm:
    """What a household of `people` uses in a year [Wh], with its source."""

    people: int
    year_wh: int
    source: str


class Reference:
    """Reads `holidays`, `emission_factors` and `household_norms` of a region."""

    def __init__(self, connection: Connection, region: str = REGION) -> None:
        self._connection = connection
        self._region = region

    def holidays(self) -> tuple[HolidayRule, ...]:
        """The holidays of the region, unconfirmed ones too."""
        query = select(Holiday).where(Holiday.region == self._region).order_by(Holiday.holiday_id)
        with_rows = self._connection.execute(query.with_only_columns(*Holiday.__table__.columns)).mappings()
        return tuple(
            HolidayRule(
                row["name_en"],
                row["month"] or 0,
                row["day"] or 0,
                row["easter_days"] or 0,
                row["from_year"] or 0,
                row["to_year"],
                row["confirmed"],
                row["source"],
            )
            for row in with_rows
        )

    def emission_factor(self, slot: int) -> Factor | None:
        """The factor in force in a slot (the latest one where several are), or None."""
        query = (
            select(EmissionFactor.mg_per_wh, EmissionFactor.source, EmissionFactor.year)
            .where(
                EmissionFactor.region == self._region,
                EmissionFactor.valid_from <= slot,
                or_(EmissionFactor.valid_to.is_(None), EmissionFactor.valid_to > slot),
            )
            .order_by(EmissionFactor.valid_from.desc(), EmissionFactor.factor_id.desc())
        )
        row = self._connection.execute(query).first()
        return None if row is None else Factor(*row)

    def norms(self, slot: int) -> tuple[Norm, ...]:
        """The norms in force in a slot, by number of people."""
        query = (
            select(HouseholdNorm.people, HouseholdNorm.year_wh, HouseholdNorm.source)
            .where(
                HouseholdNorm.region == self._region,
                HouseholdNorm.valid_from <= slot,
                or_(HouseholdNorm.valid_to.is_(None), HouseholdNorm.valid_to > slot),
            )
            .order_by(HouseholdNorm.people, HouseholdNorm.valid_from)
        )
        latest = {row[0]: Norm(*row) for row in self._connection.execute(query)}
        return tuple(latest.values())
