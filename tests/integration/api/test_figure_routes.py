"""Figures: as whom a caller looks, over which range, and what a refusal to show them says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from gettone.db.repositories.consents import Consents, Purpose
from gettone.db.tables import Role, RoleGrant
from gettone.figure_port import FiguresAsked
from tests.factories.api_world import HERE, NOW_MS, World, close_world, open_world

pytestmark = pytest.mark.database

PLACE = f"/api/v1/communities/{HERE}"
DAYS = "from=2026-03-01&to=2026-03-03"
FIRST_SLOT = 1_969_312


def widget(withheld: str | None = None) -> dict[str, Any]:
    rows = [] if withheld else [["2026-03-01", 1200, None], ["2026-03-02", 1300, 9000]]
    names = (("period", "label"), ("load", "Wh"), ("coverage", "bp"))
    columns = [{"name": name, "unit": unit} for name, unit in names]
    more = {"coverage_bp": 9000, "measured_bp": 8000, "provisional": False, "withheld": withheld, "notes": []}
    return {"widget": "series", "columns": columns, "rows": rows, **more}


@dataclass
class ToldFigures:
    """Computes nothing: says what it was told, and keeps what it was asked."""

    withheld: str | None = None
    asked: list[FiguresAsked] = field(default_factory=list)
    admins: list[bool] = field(default_factory=list)

    def widgets(self, _database: Any, _vault: Any, asked: FiguresAsked) -> Sequence[dict[str, Any]]:
        self.asked.append(asked)
        return [widget(self.withheld)] * (1 if asked.level is None else 3)

    def month_dataset(self, _database: Any, community: str, month: str, **_more: Any) -> bytes:
        return f'{{"{community}":"{month}"}}'.encode()

    def groups(self, _connection: Any, _community_id: int, *, is_admin: bool) -> Sequence[dict[str, Any]]:
        self.admins.append(is_admin)
        return [{"group_id": 1}]


@pytest.fixture
def told() -> ToldFigures:
    return ToldFigures()


@pytest.fixture
def world(embedded_url: str, tmp_path: Path, told: ToldFigures) -> Iterator[World]:
    opened = open_world(embedded_url, tmp_path, figures=told)
    yield opened
    close_world(opened)


@pytest.mark.parametrize(
    ("role", "viewer"),
    [("CA", "admin"), ("OA", "admin"), ("TA", "admin"), ("MB", "member"), ("AU", "auditor"), ("SV", "admin"),
     (None, "public")],
)  # fmt: skip
def test_get_totals__of_a_community__looks_as_what_the_caller_is(
    world: World, told: ToldFigures, role: str | None, viewer: str
) -> None:
    assert world.call("GET", f"{PLACE}/totals?{DAYS}", role).status_code == 200
    own = world.member_ids[f"MB {HERE}"] if role == "MB" else None
    assert [(one.viewer, one.own_member) for one in told.asked] == [(viewer, own)]


def test_get_totals__auditor_outside_the_granted_range__looks_as_the_public(world: World, told: ToldFigures) -> None:
    with world.database.write() as connection:
        auditor = RoleGrant.role_id == Role.role_id
        mine = update(RoleGrant).where(auditor, Role.code == "AU").values(data_from=FIRST_SLOT + 97)
        connection.execute(mine)
    world.call("GET", f"{PLACE}/totals?{DAYS}", "AU")
    assert told.asked[0].viewer == "public"


def test_get_totals__few_members__is_refused_by_its_code(world: World, told: ToldFigures) -> None:
    told.withheld = "too_few_members"
    answer = world.call("GET", f"{PLACE}/totals?{DAYS}", "CA")
    assert (answer.status_code, answer.json()["code"]) == (403, "too_few_members")


@pytest.mark.parametrize("resolution", ["slot", "hour"])
def test_get_totals__finer_than_days__is_not_for_the_public(world: World, resolution: str) -> None:
    answer = world.call("GET", f"{PLACE}/totals?{DAYS}&resolution={resolution}", "PA")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


def test_get_totals__as_csv__has_a_digest_and_the_rows(world: World) -> None:
    answer = world.call("GET", f"{PLACE}/totals?{DAYS}&format=csv", "CA")
    assert answer.text.splitlines() == ["period,load,coverage", "2026-03-01,1200,", "2026-03-02,1300,9000"]
    assert answer.headers["content-digest"].startswith("sha-256=:")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from=2026-03-03&to=2026-03-01", "invalid"),
        ("from=2026-03-01&to=2026-03-01", "invalid"),
        ("from=2026-03-01", "invalid"),
        ("from=0001-01-01&to=2026-03-01", "invalid"),
        ("from=2000-01-01&to=2026-03-01", "range_too_large"),
        ("from=2024-01-01&to=2026-03-01&resolution=hour", "range_too_large"),
        (f"{DAYS}&colour=red", "invalid"),
    ],
)
def test_get_totals__wrong_range__is_refused(world: World, query: str, code: str) -> None:
    answer = world.call("GET", f"{PLACE}/totals?{query}", "CA")
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_get_community_kpis__known_state__is_not_sent_again(world: World) -> None:
    answer = world.call("GET", f"{PLACE}/kpis?{DAYS}", "MB")
    again = world.call("GET", f"{PLACE}/kpis?{DAYS}", "MB", headers={"If-None-Match": answer.headers["etag"]})
    assert (answer.status_code, again.status_code) == (200, 304)


def test_get_community_kpis__dashboard__shows_the_tables_it_may(world: World, told: ToldFigures) -> None:
    told.withheld = "too_few_members"
    widgets = world.call("GET", f"{PLACE}/kpis?{DAYS}&level=1", "MB").json()["widgets"]
    assert [one["withheld"] for one in widgets] == ["too_few_members"] * 3


def test_get_community_kpis__dashboard__is_not_for_the_public(world: World) -> None:
    assert world.call("GET", f"{PLACE}/kpis?{DAYS}&level=1").json()["code"] == "not_permitted"


def kpis(world: World, role: str, member: str = "MB") -> Any:
    return world.call("GET", f"{PLACE}/members/{world.member_ids[f'{member} {HERE}']}/kpis?{DAYS}", role)


def test_get_member_kpis__own_ones__are_seen(world: World, told: ToldFigures) -> None:
    assert kpis(world, "MB").status_code == 200
    member = world.member_ids[f"MB {HERE}"]
    assert (told.asked[0].viewer, told.asked[0].own_member, told.asked[0].member) == ("member", member, member)


def test_get_member_kpis__of_another_member__do_not_exist(world: World) -> None:
    assert kpis(world, "MB", "VF").status_code == 404


def test_get_member_kpis__by_an_admin__need_the_members_consent(world: World, told: ToldFigures) -> None:
    answer = kpis(world, "CA")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    with world.database.write() as connection:
        Consents(connection).give(world.member_ids[f"MB {HERE}"], Purpose.READINGS_TO_ADMIN, NOW_MS)
    assert kpis(world, "CA").status_code == 200
    assert [one.viewer for one in told.asked] == ["admin"]


def test_get_member_kpis__by_an_auditor__only_within_the_granted_range(world: World) -> None:
    assert kpis(world, "AU").status_code == 200
    with world.database.write() as connection:
        auditor = RoleGrant.role_id == Role.role_id
        connection.execute(update(RoleGrant).where(auditor, Role.code == "AU").values(data_to=FIRST_SLOT))
    assert kpis(world, "AU").json()["code"] == "not_permitted"


@pytest.mark.parametrize(("role", "is_admin"), [("CA", True), ("AU", True), ("MB", False)])
def test_list_clusters__by_role__asks_for_what_it_may_see(
    world: World, told: ToldFigures, role: str, is_admin: bool
) -> None:
    assert world.call("GET", f"{PLACE}/clusters", role).json() == {"items": [{"group_id": 1}]}
    assert told.admins == [is_admin]


def test_get_indicators__month__is_the_dataset_with_its_digest(world: World) -> None:
    answer = world.call("GET", f"{PLACE}/indicators?month=2026-03", "OA")
    assert answer.json() == {HERE: "2026-03"}
    assert answer.headers["content-digest"].startswith("sha-256=:")


def test_get_indicators__few_members__are_not_for_the_public(world: World, told: ToldFigures) -> None:
    told.withheld = "too_few_members"
    assert world.call("GET", f"{PLACE}/indicators?month=2026-03").json()["code"] == "too_few_members"


def test_get_indicators__no_month__is_refused(world: World) -> None:
    assert world.call("GET", f"{PLACE}/indicators?month=2026-13", "OA").json()["code"] == "invalid"
