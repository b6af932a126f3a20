"""What an empty database ships for indicators is what the program counts with, and has words in both languages."""

import pytest
from sqlalchemy import select

from gettone.db.columns import Base
from gettone.db.engine import Database
from gettone.db.repositories.reference import Reference
from gettone.metering.calendar.holidays import ITALIAN_HOLIDAYS, HolidayRule
from oracle.indicators.words import Language, word

pytestmark = pytest.mark.database

CODES = Base.metadata.tables["codes"]


def stated(rule: HolidayRule) -> tuple[object, ...]:
    """A rule without its name, which the database has in two languages."""
    return (
        rule.month,
        rule.day,
        rule.easter_offset_days,
        rule.from_year,
        rule.to_year or 0,
        rule.confirmed,
        rule.source,
    )


def test_holidays__shipped_rows__are_the_rules_of_the_bands(database: Database) -> None:
    with database.read() as connection:
        shipped = Reference(connection).holidays()
    assert sorted(map(stated, shipped)) == sorted(map(stated, ITALIAN_HOLIDAYS))


@pytest.mark.parametrize("language", list(Language))
def test_use_types__every_code__is_shown_with_its_label(database: Database, language: Language) -> None:
    label = CODES.c.label_it if language is Language.IT else CODES.c.label_en
    with database.read() as connection:
        codes = connection.execute(select(CODES.c.code, label).where(CODES.c.domain == "use_type")).all()
    assert {code: word(f"use_{code}", language) for code, _ in codes} == dict(codes)


def test_household_norms__typical_home_of_three__uses_2700_kwh_and_names_its_source(database: Database) -> None:
    with database.read() as connection:
        norms = {one.people: one for one in Reference(connection).norms(1_636_320)}
        before = Reference(connection).norms(1_612_895)
    assert sorted(norms) == [1, 2, 3, 4, 5, 6]
    assert (norms[3].year_wh, norms[3].source.split(",")[0]) == (2_700_000, "ARERA")
    assert before == ()
