"""Balances, statements, movements and figures of a token, as the index has them, for who may see them."""

import csv
import io
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.factories.api_world import HERE, THERE, World
from tests.factories.told_chain import (
    BLOCK_S,
    START_S,
    TREASURY,
    chunk_paid,
    fee,
    founded,
    joined,
    opened,
    policy,
    tell,
    transfer,
    wallet_of,
)

pytestmark = pytest.mark.database

ANNA, BRUNO = wallet_of(1), wallet_of(2)
NOBODY = "0x" + "00" * 20
BASE = f"/api/v1/communities/{HERE}"
SPAN = {"from": "2027-01-01T00:00:00Z", "to": "2027-02-01T00:00:00Z"}
FEES = {
    f"transfer{one}To{other}": number
    for number, (one, other) in enumerate(
        [("Citizen", "Citizen"), ("Citizen", "Stakeholder"), ("Stakeholder", "Citizen"), ("Stakeholder", "Stakeholder")]
    )
}
PAID = chunk_paid(4, 0)


@pytest.fixture
def trading(world: World) -> World:
    """The member of `fontana` was paid a reward and gave a part of it to the verifier, less a fee."""
    anna, bruno = (world.member_ids[f"{role} {HERE}"] for role in ("MB", "VF"))
    tell(
        world.database,
        world.community_ids[HERE],
        founded(),
        joined(anna, ANNA),
        joined(bruno, BRUNO),
        [opened(4, 0, 2)],
        [
            transfer(NOBODY, ANNA, 900),
            fee(NOBODY, ANNA, 1000, 100, 2),
            transfer(NOBODY, TREASURY, 100),
            chunk_paid(4, 0),
        ],
        [transfer(ANNA, BRUNO, 190), transfer(ANNA, TREASURY, 10), fee(ANNA, BRUNO, 200, 10)],
        [policy("FeesScheduled", START_S + 10_000, fees=FEES)],
    )
    return world


def member_path(world: World, what: str, role: str = "MB", community: str = HERE) -> str:
    return f"{BASE}/members/{world.member_ids[f'{role} {community}']}/{what}"


def statement(world: World, role: str = "MB", **query: Any) -> Any:
    return world.call("GET", member_path(world, "statement", role), role, params=query)


def test_statement__reward_and_transfer__latest_first_with_balance_fee_and_proof(trading: World) -> None:
    latest, first = statement(trading).json()["items"]
    assert (latest["reason"], latest["change_units"], latest["net_units"]) == ("transfer", "-200", "190")
    assert (latest["fee_units"], latest["balance_units"], latest["counterparty"]) == ("10", "700", BRUNO)
    assert (first["reason"], first["change_units"], first["fee_units"]) == ("reward", "900", "100")
    reward = first["reward"]
    assert (reward["period_index"], reward["revision"], reward["model_version"], reward["proof"]) == (4, 0, 2, "4.0")
    assert (reward["period_start"], reward["period_end"]) == ("1970-01-01T00:00:00.000Z", "1970-01-02T00:00:00.000Z")


def test_statement__page_of_one__next_goes_on_without_gap(trading: World) -> None:
    first = statement(trading, limit=1).json()
    second = statement(trading, limit=1, cursor=first["next"]).json()
    assert [page["items"][0]["reason"] for page in (first, second)] == ["transfer", "reward"]
    assert second["next"] is None


def test_statement__filters__by_reason_and_time(trading: World) -> None:
    assert [one["reason"] for one in statement(trading, reason="reward").json()["items"]] == ["reward"]
    at = statement(trading).json()["items"][0]["at"]
    assert [one["reason"] for one in statement(trading, **{"from": at}).json()["items"]] == ["transfer"]
    assert [one["reason"] for one in statement(trading, to=at).json()["items"]] == ["reward"]


def test_statement__reversed_range__refused(trading: World) -> None:
    answer = statement(trading, **{"from": SPAN["to"], "to": SPAN["from"]})
    assert (answer.status_code, answer.json()["errors"]) == (422, [{"pointer": "/query/to", "code": "range"}])


def test_statement__unknown_parameter__refused(trading: World) -> None:
    assert statement(trading, member="x").status_code == 422


def test_statement__csv__all_lines_with_their_digest(trading: World) -> None:
    answer = statement(trading, format="csv", limit=1)
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["reason"], row["change_units"], row["proof"]) for row in rows] == [
        ("transfer", "-200", ""),
        ("reward", "900", "4.0"),
    ]
    assert answer.headers["content-digest"] == f"sha-256=:{b64encode(sha256(answer.content).digest()).decode()}:"


def test_statement__parquet_and_jsonl__the_same_lines(trading: World) -> None:
    table = pq.read_table(io.BytesIO(statement(trading, format="parquet").content)).to_pylist()
    lines = statement(trading, format="jsonl").text.splitlines()
    assert [row["balance_units"] for row in table] == ["700", "900"]
    assert (len(lines), table[1]["reward_model_version"]) == (2, 2)


def test_statement__another_member__looks_absent(trading: World) -> None:
    assert trading.call("GET", member_path(trading, "statement", "VF"), "MB").status_code == 404


def test_balance__of_the_indexed_block__with_its_hash(trading: World) -> None:
    body = trading.call("GET", member_path(trading, "balance"), "MB").json()
    assert (body["units"], body["carry_over_units"], body["wallet"]) == ("700", "0", ANNA)
    assert (body["block_number"], body["block_hash"][:4]) == (7, "0xbb")


def test_balance__nobody_joined_yet__nothing_and_no_wallet(world: World) -> None:
    tell(world.database, world.community_ids[HERE], founded())
    body = world.call("GET", member_path(world, "balance"), "MB").json()
    assert (body["units"], body["wallet"]) == ("0", None)


def test_balance__no_index__503(world: World) -> None:
    answer = world.call("GET", member_path(world, "balance"), "MB")
    assert (answer.status_code, answer.json()["code"]) == (503, "index_behind")


def test_balance__block_not_reached__503_after_the_wait(trading: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.tokens.service.WAIT_S", 0.01)
    answer = trading.call("GET", member_path(trading, "balance"), "MB", params={"min_block": 8})
    assert (answer.status_code, answer.json()["code"]) == (503, "index_behind")


def test_balance__block_reached_while_waiting__answers(trading: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def index_one_more(_s: float) -> None:
        tell(trading.database, trading.community_ids[HERE], [transfer(BRUNO, ANNA, 5)])

    monkeypatch.setattr("api.tokens.service.time.sleep", index_one_more)
    body = trading.call("GET", member_path(trading, "balance"), "MB", params={"min_block": 8}).json()
    assert (body["block_number"], body["units"]) == (8, "705")


def test_token__anybody__supply_and_fees_in_force_and_to_come(trading: World) -> None:
    body = trading.call("GET", f"{BASE}/token").json()
    assert (body["supply_units"], body["fees"]) == ("1000", None)
    scheduled = body["scheduled_fees"]
    assert (scheduled["citizen_to_stakeholder_bps"], scheduled["stakeholder_to_stakeholder_bps"]) == (1, 3)


def test_token__read_again__not_modified(trading: World) -> None:
    etag = trading.call("GET", f"{BASE}/token").headers["etag"]
    assert trading.call("GET", f"{BASE}/token", headers={"If-None-Match": etag}).status_code == 304


def test_transfers__admin__every_movement_once_with_its_ends(trading: World) -> None:
    items = trading.call("GET", f"{BASE}/transfers", "CA").json()["items"]
    seen = [(one["reason"], one["net_units"], one["sender"], one["receiver_member"]) for one in items]
    anna, bruno = (trading.member_ids[f"{role} {HERE}"] for role in ("MB", "VF"))
    assert seen == [
        ("fee", "10", ANNA, None),
        ("transfer", "190", ANNA, bruno),
        ("fee", "100", None, None),
        ("reward", "900", None, anna),
    ]


def test_transfers__token_admin__pseudonyms_without_wallets(trading: World) -> None:
    items = trading.call("GET", f"{BASE}/transfers", "TA").json()["items"]
    assert {one["sender"] for one in items} | {one["receiver"] for one in items} == {None}
    assert items[1]["sender_member"] == trading.member_ids[f"MB {HERE}"]


def test_transfers__auditor_with_a_range__nothing_outside_of_it(trading: World) -> None:
    last_s = START_S + 6 * BLOCK_S
    slot = last_s // 900 + 1
    trading.grant(trading.user_ids[("AU", THERE)], "AU", HERE, data_from=slot, data_to=slot + 1)
    assert trading.call("GET", f"{BASE}/transfers", "AU", THERE).json()["items"] == []
    trading.grant(trading.user_ids[("AU", THERE)], "AU", HERE, data_from=slot - 1, data_to=slot + 1)
    assert len(trading.call("GET", f"{BASE}/transfers", "AU", THERE).json()["items"]) == 4


def test_transfers__self_transfer_that_cost_its_fee__is_listed(trading: World) -> None:
    told = [transfer(ANNA, ANNA, 95), transfer(ANNA, TREASURY, 5), fee(ANNA, ANNA, 100, 5)]
    tell(trading.database, trading.community_ids[HERE], told)
    items = trading.call("GET", f"{BASE}/transfers", "CA", params={"reason": "transfer"}).json()["items"]
    assert [(one["sender_member"] == one["receiver_member"], one["fee_units"]) for one in items] == [
        (True, "5"),
        (False, "10"),
    ]


def test_circulation__anybody__figures_of_the_span(trading: World) -> None:
    body = trading.call("GET", f"{BASE}/circulation", params=SPAN).json()
    assert (body["volume_units"], body["fee_units"], body["holders"], body["supply_units"]) == ("200", "110", 2, "1000")
    assert body["share_permille"] == {"citizens": 890, "stakeholders": 0, "escrow": 0, "treasury": 110}
    assert body["given_units"]["reward"] == "900"


def test_circulation__span_before_the_last_transfer__what_was_held_then(trading: World) -> None:
    at = statement(trading).json()["items"][0]["at"]
    body = trading.call("GET", f"{BASE}/circulation", params={"from": SPAN["from"], "to": at}).json()
    assert (body["volume_units"], body["holders"], body["share_permille"]["treasury"]) == ("0", 1, 100)


@pytest.mark.parametrize(
    ("span", "code"),
    [({"from": SPAN["to"], "to": SPAN["from"]}, "range"), ({**SPAN, "to": "2029-01-01T00:00:00Z"}, "range_too_large")],
)
def test_circulation__bad_span__refused(trading: World, span: dict[str, str], code: str) -> None:
    answer = trading.call("GET", f"{BASE}/circulation", params=span)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
