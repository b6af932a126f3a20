"""Settlements go out as far as rights reach."""

from typing import Any

import pytest

from gettone.chain.chunks import pay_calldata
from gettone.db.tables import RoleGrant
from tests.factories.api_world import HERE, World
from tests.factories.stored_settlements import START_S, add_chunk, add_line, add_settlement

pytestmark = pytest.mark.database

LISTED = "/api/v1/communities/fontana/settlements"
WORDS = (b"\x11" * 32, b"\x22" * 32)
STRANGER = "ee" * 32


@pytest.fixture
def settled(world: World) -> World:
    here = world.community_ids[HERE]
    with world.database.write() as connection:
        first = add_settlement(connection, here, 0, "closed")
        add_settlement(connection, here, 0, "closed", revision=1)
        add_line(connection, first, 0, world.member_ids[f"MB {HERE}"])
        add_line(connection, first, 1, STRANGER)
        add_chunk(connection, first, 0, b"".join(WORDS))
        add_settlement(connection, here, 1, "held", reason="waits for data")
        add_settlement(connection, world.community_ids["other"], 0, "closed", total_units=99)
    return world


def get(world: World, path: str = "", role: str | None = None, **more: Any) -> Any:
    return world.call("GET", LISTED + path, role, **more)


def grant_until(world: World, at_s: int) -> None:
    with world.database.write() as connection:
        mine = RoleGrant.user_id == world.user_ids[("AU", HERE)]
        connection.execute(RoleGrant.__table__.update().where(mine).values(data_to=at_s // 900))


def test_list_settlements__anybody__sees_roots_and_totals_newest_first(settled: World) -> None:
    items = get(settled).json()["items"]
    assert [(one["period_index"], one["revision"], one["total_units"]) for one in items] == [
        (1, 0, "0"),
        (0, 1, "10"),
        (0, 0, "10"),
    ]


@pytest.mark.parametrize(("role", "reason"), [(None, None), ("MB", None), ("OA", "waits for data")])
def test_get_settlement__held__tells_the_reason_to_who_runs_it(
    settled: World, role: str | None, reason: str | None
) -> None:
    assert get(settled, "/1", role).json()["reason"] == reason


def test_get_settlement__no_revision_named__is_the_latest(settled: World) -> None:
    assert (get(settled, "/0").json()["revision"], get(settled, "/0?revision=0").json()["revision"]) == (1, 0)


@pytest.mark.parametrize("path", ["/7", "/0?revision=7", "/7/revisions", "/7/chunks"])
def test_get_settlement__one_that_is_not_there__is_404(settled: World, path: str) -> None:
    assert get(settled, path).status_code == 404


def test_list_settlement_revisions__two__come_in_order(settled: World) -> None:
    assert [one["revision"] for one in get(settled, "/0/revisions").json()["items"]] == [0, 1]


def test_list_settlement_chunks__anybody__gets_the_calldata_of_the_payment(settled: World) -> None:
    (chunk,) = get(settled, "/0/chunks?revision=0").json()["items"]
    assert chunk["payouts"] == ["0x" + word.hex() for word in WORDS]
    assert chunk["calldata"] == "0x" + pay_calldata(0, 0, 0, WORDS, ()).hex()


@pytest.mark.parametrize(("role", "wallets"), [("CA", 2), ("OA", 0), ("TA", 0), ("AU", 0)])
def test_list_settlement_lines__staff__sees_all_and_wallets_only_as_community_admin(
    settled: World, role: str, wallets: int
) -> None:
    items = get(settled, "/0/lines?revision=0", role).json()["items"]
    assert (len(items), sum(one["wallet"] is not None for one in items)) == (2, wallets)


def test_list_settlement_lines__member__sees_the_own_one(settled: World) -> None:
    items = get(settled, "/0/lines?revision=0", "MB").json()["items"]
    assert [(one["member_id"], one["wallet"] is not None) for one in items] == [
        (settled.member_ids[f"MB {HERE}"], True)
    ]


def test_list_settlement_lines__page_by_page__shows_each_once(settled: World) -> None:
    first = get(settled, "/0/lines?revision=0&limit=1", "CA").json()
    rest = get(settled, "/0/lines", "CA", params={"revision": 0, "limit": 1, "cursor": first["next"]}).json()
    assert [one["leaf_index"] for one in first["items"] + rest["items"]] == [0, 1]


@pytest.mark.parametrize(("end_s", "status"), [(START_S + 86_400, 200), (START_S + 86_400 - 900, 404)])
def test_list_settlement_lines__auditor__sees_periods_wholly_in_the_range(
    settled: World, end_s: int, status: int
) -> None:
    grant_until(settled, end_s)
    assert get(settled, "/0/lines?revision=0", "AU").status_code == status


def test_get_settlement_receipt__own__says_energy_fee_and_cut(settled: World) -> None:
    receipt = get(settled, "/0/me?revision=0", "MB").json()
    assert (receipt["withdrawn_wh"], receipt["injected_wh"], receipt["fee_bps"]) == (550, 5, 200)
    assert (receipt["line"]["payout_units"], receipt["allocations"][0]["total_score"]) == ("5", str(2**70))


@pytest.mark.parametrize("role", ["VF", "CA"])
def test_get_settlement_receipt__not_on_the_roster__is_404(settled: World, role: str) -> None:
    assert get(settled, "/0/me?revision=0", role).status_code == 404


@pytest.mark.parametrize(("role", "left_out"), [("CA", 2), ("MB", 1)])
def test_get_settlement_completeness__member__sees_the_own_entry_only(
    settled: World, role: str, left_out: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = [{"member_id": one, "why": "no_wallet"} for one in (settled.member_ids[f"MB {HERE}"], STRANGER)]
    report = {"period_index": 0, "revision": 0, "state": "closed", "levels": [], "left_out": named}
    monkeypatch.setattr(settled.context.reports, "completeness", lambda *_: report)
    found = get(settled, "/0/completeness?revision=0", role).json()
    assert len(found["left_out"]) == left_out
