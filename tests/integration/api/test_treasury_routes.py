"""What the Treasury holds, may give and gave; and whose welcome bonus is still owed."""

from typing import Any

import pytest

from tests.factories.api_world import HERE, World
from tests.factories.told_chain import (
    AGREEMENT,
    START_S,
    TREASURY,
    founded,
    joined,
    policy,
    tell,
    transfer,
    treasury,
    wallet_of,
)

pytestmark = pytest.mark.database

ANNA = wallet_of(1)
NOBODY = "0x" + "00" * 20
MONTH_S = 30 * 86_400
BASE = f"/api/v1/communities/{HERE}"
# The policy began two months and ten days before the first block.
POLICY_START_S = START_S - 2 * MONTH_S - 864_000
NAMES = ("incentivesPerMonthUnits", "memberPerMonthUnits", "pairPerMonthUnits", "issuePerYearUnits")
BUDGETS = dict(zip(NAMES, ("900", "90", "9", "5000"), strict=True))


def told(world: World, *more: Any) -> World:
    anna = "0x" + world.member_ids[f"MB {HERE}"]
    granted = treasury("WelcomeBonusGranted", memberId=anna, units="50", **{"class": 1})
    tell(
        world.database,
        world.community_ids[HERE],
        founded(),
        [policy("BudgetsScheduled", POLICY_START_S, budgets=BUDGETS)],
        [("SettlementLedger", "CapsScheduled", {"periodCap": "700", "memberCap": "70", "validFrom": "0"})],
        [treasury("Issued", amount="1000", year=0, issuedInYear="1000"), transfer(NOBODY, TREASURY, 1000)],
        [*joined(anna[2:], ANNA), granted],
        [treasury("IncentivePaid", agreementId=AGREEMENT, memberId=anna, units="7"), transfer(TREASURY, ANNA, 7)],
        *more,
    )
    return world


def test_treasury__budgets_caps_and_spent__of_the_present_month_and_year(world: World) -> None:
    body = told(world).call("GET", f"{BASE}/treasury", "TA").json()
    assert (body["balance_units"], body["escrow_units"]) == ("993", "0")
    assert (body["budgets"]["incentives_per_month_units"], body["caps"]["member_cap_units"]) == ("900", "70")
    assert (body["spent"]["incentives_units"], body["spent"]["issued_units"]) == ("7", "1000")
    assert body["spent"]["month_start"] == "2026-12-24T18:13:20.000Z"


def test_treasury__change_announced__shown_apart(world: World) -> None:
    later = policy("BudgetsScheduled", START_S + 10**6, budgets={**BUDGETS, "issuePerYearUnits": "6000"})
    body = told(world, [later]).call("GET", f"{BASE}/treasury", "CA").json()
    assert body["budgets"]["issue_per_year_units"] == "5000"
    assert body["scheduled_budgets"]["issue_per_year_units"] == "6000"


def test_welcome_bonuses__treasury_was_short__owed(world: World) -> None:
    (bonus,) = told(world).call("GET", f"{BASE}/welcome-bonuses", "AU").json()["items"]
    assert (bonus["member_id"], bonus["state"], bonus["granted_units"], bonus["paid_units"]) == (
        world.member_ids[f"MB {HERE}"],
        "owed",
        "50",
        "0",
    )


def test_welcome_bonuses__claimed_later__paid(world: World) -> None:
    anna = "0x" + world.member_ids[f"MB {HERE}"]
    paid = [treasury("WelcomeBonusPaid", memberId=anna, wallet=ANNA, units="50"), transfer(TREASURY, ANNA, 50)]
    (bonus,) = told(world, paid).call("GET", f"{BASE}/welcome-bonuses", "TA").json()["items"]
    assert (bonus["state"], bonus["paid_units"]) == ("paid", "50")
    assert bonus["paid_at"] > bonus["granted_at"]


def test_welcome_bonuses__pages__by_member_id(world: World) -> None:
    told(world, joined(world.member_ids[f"VF {HERE}"], wallet_of(2)))
    first = world.call("GET", f"{BASE}/welcome-bonuses", "TA", params={"limit": 1}).json()
    second = world.call("GET", f"{BASE}/welcome-bonuses", "TA", params={"limit": 1, "cursor": first["next"]}).json()
    seen = [page["items"][0]["member_id"] for page in (first, second)]
    assert seen == sorted(world.member_ids[f"{role} {HERE}"] for role in ("MB", "VF"))
