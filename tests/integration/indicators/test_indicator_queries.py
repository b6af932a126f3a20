"""Indicators from stored readings: the reference results again, days kept, late data, who may see what."""

from datetime import date

import numpy as np
import pytest
from sqlalchemy import delete, insert, update

from gettone.db.columns import Base
from gettone.db.engine import Database
from gettone.db.repositories.consents import Consents, Purpose
from gettone.errors import InputError, Refused
from gettone.metering.calendar.slots import Resolution
from gettone.metering.indicators.comparison import DateRange
from gettone.metering.indicators.member_energies import member_energies
from oracle.indicators.asking import Asking
from oracle.indicators.dashboard import LEVELS, dashboard
from oracle.indicators.query import IndicatorQuery
from oracle.indicators.refresh import close_days, ensure_days, mark_touched
from oracle.indicators.summary import series, summary
from oracle.indicators.viewer import Role, Viewer
from oracle.indicators.widget import Widget
from tests.factories.real_energies import fontana_september, konstanz_april
from tests.factories.stored_energies import SEPTEMBER, SLUG, StoredCommunity, store_community

pytestmark = pytest.mark.database

APRIL = DateRange(date(2016, 4, 1), date(2016, 5, 1))
READINGS = Base.metadata.tables["readings"]
ESTIMATES = Base.metadata.tables["estimates"]
COMMUNITY_DAYS, MEMBER_DAYS = (Base.metadata.tables[name] for name in ("community_days", "member_days"))


def keep(homes: Database, fontana: StoredCommunity, members: int) -> None:
    """Take the devices from all but the first members."""
    holders = Base.metadata.tables["device_members"]
    with homes.write() as connection:
        connection.execute(delete(holders).where(holders.c.member_id.in_(fontana.member_ids[members:])))


def ask(
    database: Database, role: Role = Role.ADMIN, *, member_id: str | None = None, asked: DateRange = SEPTEMBER
) -> Asking:
    return Asking(database, IndicatorQuery(database, SLUG), Viewer(role, member_id), asked, member_id)


def by_name(widget: Widget) -> dict[str, object]:
    return {str(row[0]): row[1] for row in widget.rows}


def days_of(database: Database) -> list[tuple[object, ...]]:
    with database.read() as connection:
        rows = [tuple(row) for table in (COMMUNITY_DAYS, MEMBER_DAYS) for row in connection.execute(table.select())]
    return sorted(rows, key=repr)


def test_summary__fontana_september__is_the_reference_result(homes: Database, fontana: StoredCommunity) -> None:
    found = by_name(summary(ask(homes)))
    expected = {
        "load": 14_046_579,
        "production": 8_262_370,
        "self": 6_355_321,
        "self_consumption": 7_692,
        "self_sufficiency": 4_524,
        "production_to_load": 5_882,
        "withdrawn": 9_149_226,
        "injected": 3_365_017,
        "shared": 1_457_968,
        "peak_limit": 36_610,
        "peaks": 18,
        "base": 7_862,
        "base_share": 4_030,
        "max_power": 51_947,
        "load_factor": 3_756,
        "co2": 1_906_596,
    }
    assert {key: found[key] for key in expected} == expected


def test_summary__one_member__is_the_reference_result(homes: Database, fontana: StoredCommunity) -> None:
    home01 = fontana.member_ids[0]
    found = by_name(summary(ask(homes, Role.MEMBER, member_id=home01)))
    assert (found["load"], found["production"], found["self"]) == (1_024_414, 589_197, 321_981)
    assert (found["self_consumption"], found["self_sufficiency"]) == (5_465, 3_143)


def test_summary__konstanz__bands_of_the_reference(database: Database) -> None:
    store_community(database, konstanz_april())
    found = by_name(summary(ask(database, Role.AUDITOR, asked=APRIL)))
    assert [found[f"f{band}"] for band in (1, 2, 3)] == [128_375, 111_753, 156_067]
    assert [found[f"f{band}_normalised"] for band in (1, 2, 3)] == [10_604, 11_283, 8_863]
    assert (found["peak_limit"], found["peaks"], found["peak_excess"]) == (491, 72, 12_101)


def test_emission_factor__is_printed_beside_the_figure(homes: Database, fontana: StoredCommunity) -> None:
    notes = dict(summary(ask(homes)).notes)
    assert notes["factor"][:2] == (300, "illustrative")


def test_emission_factor__without_a_row__the_figure_is_null(homes: Database, fontana: StoredCommunity) -> None:
    with homes.write() as connection:
        connection.execute(delete(Base.metadata.tables["emission_factors"]))
    widget = summary(ask(homes))
    assert by_name(widget)["co2"] is None
    assert "factor" not in dict(widget.notes)


@pytest.mark.parametrize("resolution", list(Resolution))
def test_series__every_resolution__adds_up_to_the_whole(
    homes: Database, fontana: StoredCommunity, resolution: Resolution
) -> None:
    rows = series(ask(homes), resolution).rows
    assert [sum(row[column] for row in rows) for column in (1, 5, 6)] == [14_046_579, 6_355_321, 1_457_968]


def test_days__stored_twice__are_the_same(homes: Database, fontana: StoredCommunity) -> None:
    ensure_days(homes, SLUG, SEPTEMBER.first, SEPTEMBER.end)
    before = days_of(homes)
    assert ensure_days(homes, SLUG, SEPTEMBER.first, SEPTEMBER.end) == 0
    mark_touched(homes, fontana.channel_ids, *ask(homes).slots_of(SEPTEMBER))
    assert ensure_days(homes, SLUG, SEPTEMBER.first, SEPTEMBER.end) == 30
    assert days_of(homes) == before


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_days__late_readings__touch_their_days_alone_and_equal_a_full_computation(
    homes: Database, fontana: StoredCommunity, seed: int
) -> None:
    ensure_days(homes, SLUG, SEPTEMBER.first, SEPTEMBER.end)
    first, end = ask(homes).slots_of(SEPTEMBER)
    draw = np.random.default_rng(seed)
    late = [(int(draw.choice(fontana.channel_ids)), int(draw.integers(first // 4, end // 4)) * 4) for _ in range(6)]
    with homes.write() as connection:
        for channel_id, slot in late:
            where = (READINGS.c.channel_id == channel_id, READINGS.c.slot == slot)
            connection.execute(update(READINGS).where(*where).values(wh=READINGS.c.wh * 3, quality=3))
    for channel_id, slot in late:
        mark_touched(homes, [channel_id], slot, slot + 4)
    touched = {(slot - first) // 96 for _, slot in late}
    assert ensure_days(homes, SLUG, SEPTEMBER.first, SEPTEMBER.end) == len(touched)
    incremental = days_of(homes)
    with homes.write() as connection:
        connection.execute(delete(COMMUNITY_DAYS))
        connection.execute(delete(MEMBER_DAYS))
    ensure_days(homes, SLUG, SEPTEMBER.first, SEPTEMBER.end)
    assert days_of(homes) == incremental


def test_days__another_holiday__computes_its_month_again(homes: Database, fontana: StoredCommunity) -> None:
    ensure_days(homes, SLUG, date(2016, 8, 31), SEPTEMBER.end)
    with homes.write() as connection:
        holidays = Base.metadata.tables["holidays"]
        values = {"region": "IT", "month": 9, "day": 19, "name_en": "x", "name_it": "x", "confirmed": True}
        connection.execute(insert(holidays).values(**values, source="test"))
    assert ensure_days(homes, SLUG, date(2016, 8, 31), SEPTEMBER.end) == 30


def test_days__closed_before_readings_are_erased__stay_as_they_are(homes: Database, fontana: StoredCommunity) -> None:
    before = series(ask(homes), Resolution.DAY).rows
    assert close_days(homes, SLUG, SEPTEMBER.end) == 30
    with homes.write() as connection:
        connection.execute(delete(READINGS).where(READINGS.c.channel_id == fontana.channel_ids[0]))
    assert mark_touched(homes, [fontana.channel_ids[0]], *ask(homes).slots_of(SEPTEMBER)) == 0
    assert series(ask(homes), Resolution.DAY).rows == before


def test_days__hold_no_name_and_no_device(database: Database) -> None:
    for table in (COMMUNITY_DAYS, MEMBER_DAYS):
        assert not {"device_id", "external_id", "channel_id", "name", "wallet"} & set(table.columns.keys())


def test_estimates__stand_in_for_missing_values_and_are_not_measured(homes: Database, fontana: StoredCommunity) -> None:
    slot = ask(homes).slots_of(SEPTEMBER)[0]
    with homes.write() as connection:
        where = (READINGS.c.channel_id == fontana.channel_ids[0], READINGS.c.slot == slot)
        connection.execute(delete(READINGS).where(*where))
        values = {"channel_id": fontana.channel_ids[0], "slot": slot, "wh": 1_000, "rule": 17, "run_id": 1}
        connection.execute(insert(ESTIMATES).values(**values))
    first = series(ask(homes, Role.MEMBER, member_id=fontana.member_ids[0]), Resolution.SLOT).rows[0]
    assert (first[1], first[-2], first[-1]) == (1_000, 10_000, 0)


@pytest.mark.parametrize(
    ("role", "months", "days"),
    [(Role.MEMBER, True, False), (Role.ADMIN, True, False), (Role.AUDITOR, True, True), (Role.PUBLIC, False, False)],
)
def test_few_members__months_go_to_members_and_days_to_auditors(
    homes: Database, fontana: StoredCommunity, role: Role, months: bool, days: bool
) -> None:
    keep(homes, fontana, 7)
    asking = ask(homes, role)
    assert (series(asking, Resolution.MONTH).withheld is None) is months
    assert (series(asking, Resolution.DAY).withheld is None) is days


def test_few_members__a_range_that_is_no_month__is_withheld(homes: Database, fontana: StoredCommunity) -> None:
    keep(homes, fontana, 7)
    asked = DateRange(date(2016, 9, 1), date(2016, 9, 30))
    assert summary(ask(homes, asked=asked)).withheld == "too_few_members"


def test_few_members__while_all_consent__days_are_shown(homes: Database, fontana: StoredCommunity) -> None:
    keep(homes, fontana, 7)
    with homes.write() as connection:
        for member_id in fontana.member_ids[:7]:
            Consents(connection).give(member_id, Purpose.TOTALS, 1)
    assert series(ask(homes), Resolution.DAY).withheld is None
    with homes.write() as connection:
        Consents(connection).withdraw(fontana.member_ids[3], Purpose.TOTALS, 2)
    assert series(ask(homes), Resolution.DAY).withheld == "too_few_members"


def test_eight_members__days_are_public(homes: Database, fontana: StoredCommunity) -> None:
    keep(homes, fontana, 8)
    assert series(ask(homes, Role.PUBLIC), Resolution.DAY).withheld is None


def test_a_member__another_members_figures__are_refused(homes: Database, fontana: StoredCommunity) -> None:
    query = IndicatorQuery(homes, SLUG)
    with pytest.raises(Refused, match="another member"):
        Asking(homes, query, Viewer(Role.MEMBER, fontana.member_ids[0]), SEPTEMBER, fontana.member_ids[1])


def test_a_stranger__is_no_member(homes: Database, fontana: StoredCommunity) -> None:
    with pytest.raises(InputError, match="not of this community"):
        ask(homes, Role.MEMBER, member_id="ff" * 32)


def test_ranking__for_admins__is_by_pseudonym_the_least_first(homes: Database, fontana: StoredCommunity) -> None:
    ranking = next(one for one in dashboard(ask(homes), 2) if one.key == "ranking")
    loads = [row[2] for row in ranking.rows]
    assert loads == sorted(loads)
    assert {row[1] for row in ranking.rows} == {one[:8] for one in fontana.member_ids}


def test_percentile__only_for_a_member_who_asked_for_it(homes: Database, fontana: StoredCommunity) -> None:
    own = fontana.member_ids[0]

    def percentile() -> Widget:
        widgets = dashboard(ask(homes, Role.MEMBER, member_id=own), 2)
        return next(one for one in widgets if one.key == "own_percentile")

    assert percentile().withheld == "no_consent"
    with homes.write() as connection:
        Consents(connection).give(own, Purpose.RANKING, 1)
    assert percentile().rows[0][1] == 8_750


@pytest.mark.parametrize("level", [1, 2])
def test_dashboard__community__every_widget_has_json_and_csv(
    homes: Database, fontana: StoredCommunity, level: int
) -> None:
    widgets = dashboard(ask(homes), level)
    assert len(widgets) == len(LEVELS[level])
    for widget in widgets:
        assert widget.withheld is None
        assert len(widget.to_csv().splitlines()) == len(widget.rows) + 1
        assert len(widget.to_document()["rows"]) == len(widget.rows)


def test_dashboard__last_week__has_168_hours_of_load_and_production(homes: Database, fontana: StoredCommunity) -> None:
    week = next(one for one in dashboard(ask(homes), 1) if one.key == "load_last_week")
    assert len(week.rows) == 168
    assert week.rows[-1][0] == "2016-09-30T23:00-07:00"


def test_dashboard__consumption__names_the_month_with_its_mean_day(homes: Database, fontana: StoredCommunity) -> None:
    months = next(one for one in dashboard(ask(homes), 1) if one.key == "consumption")
    assert months.rows[-1][:3] == ("2016-09", 14_046_579, 468_219)


def test_dashboard__card__counts_members_plants_and_power(homes: Database, fontana: StoredCommunity) -> None:
    card = by_name(dashboard(ask(homes), 1)[0])
    assert (card["members"], card["plants"], card["plant_power"]) == (17, 17, 85_000)


def test_dashboard__data_quality__is_complete_for_every_member(homes: Database, fontana: StoredCommunity) -> None:
    quality = next(one for one in dashboard(ask(homes), 2) if one.key == "data_quality")
    assert [row[-2] for row in quality.rows] == [10_000] * 17


def test_k16_k17__people_area_and_norm__give_intensity_and_comparison(
    homes: Database, fontana: StoredCommunity
) -> None:
    own = fontana.member_ids[0]
    with homes.write() as connection:
        members = Base.metadata.tables["users_communities"]
        connection.execute(update(members).where(members.c.member_id == own).values(people=3, area_dm2=8_500))
        norm = {"region": "IT", "people": 3, "year_wh": 3_650_000, "source": "test", "valid_from": 1_636_000}
        connection.execute(insert(Base.metadata.tables["household_norms"]).values(**norm))
    widget = summary(ask(homes, Role.MEMBER, member_id=own))
    assert dict(widget.notes)["norm"] == (3, 3_650, "test")
    found = by_name(widget)
    assert (found["per_person"], found["per_m2"]) == (341_471, 12_052)
    # 30 days of the norm are 300,000 Wh; the community's mean is 14,046,579 / 17.
    assert (found["against_norm"], found["against_community"]) == (24_147, 2_398)


def test_k17__a_stable_group_of_five__is_compared_with(homes: Database, fontana: StoredCommunity) -> None:
    own = fontana.member_ids[0]

    def against_similar() -> object:
        return by_name(summary(ask(homes, Role.MEMBER, member_id=own)))["against_similar"]

    assert against_similar() is None
    with homes.write() as connection:
        group = {"group_id": 1, "description": "", "updated_at": 0, "community_id": 1, "config": "{}", "result": "{}"}
        connection.execute(insert(Base.metadata.tables["cluster_groups"]).values(**group, stable=True))
        cluster = {"cluster_id": 1, "group_id": 1, "description": "", "community_id": 1, "label": "A"}
        connection.execute(insert(Base.metadata.tables["clusters"]).values(**cluster))
        rows = [{"cluster_id": 1, "member_id": one} for one in fontana.member_ids[:5]]
        connection.execute(insert(Base.metadata.tables["clusters_users_time"]), rows)
    real = fontana_september()
    loads = member_energies(real.readings, real.parts, 17, 3600).load_wh.sum(axis=1)
    mean_wh = sum(int(loads[row]) for row in range(5)) / 5
    assert against_similar() == round(10_000 * (1_024_414 - mean_wh) / mean_wh)


def test_k15__against_the_range_before__has_equal_day_types(homes: Database, fontana: StoredCommunity) -> None:
    week = DateRange(date(2016, 9, 19), date(2016, 9, 26))
    found = by_name(summary(ask(homes, asked=week)))
    loads = [int(row[1]) for row in series(ask(homes), Resolution.DAY).rows]
    now, before = sum(loads[18:25]), sum(loads[11:18])
    assert found["change_previous"] == round(10_000 * (now - before) / before)
    assert found["change_last_year"] is None
