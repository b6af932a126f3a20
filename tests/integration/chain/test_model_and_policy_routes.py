"""Models and policy of a deployed community go out of the API as the chain has them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.context import Chain
from gettone.chain.policy_values import Fees, IncentiveRule
from gettone.periods import utc_text
from tests.factories.api_world import World, close_world, open_world
from tests.factories.community import POOL_MODEL, TestCommunity

pytestmark = [pytest.mark.chain]

MODELS, POLICY = "/api/v1/communities/fontana/models", "/api/v1/communities/fontana/policy"
DAY_S = 86_400


@pytest.fixture
def world(deployed_community: TestCommunity, embedded_url: str, tmp_path: Path) -> Iterator[World]:
    chain = Chain(deployed_community.client, deployed_community.deployment)
    opened = open_world(embedded_url, tmp_path, chain=chain)
    yield opened
    close_world(opened)


def get(world: World, path: str, **more: Any) -> Any:
    answer = world.call("GET", path, params=more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_list_models__two_versions__are_past_in_force_and_scheduled_by_the_instant(
    world: World, deployed_community: TestCommunity
) -> None:
    now_s = deployed_community.client.now_s()
    starts = [now_s + days * DAY_S for days in (10, 40)]
    for start_s in starts:
        deployed_community.schedule_model(POOL_MODEL, start_s)
    expected = {
        now_s: ["scheduled", "scheduled"],
        starts[0]: ["in_force", "scheduled"],
        starts[1]: ["past", "in_force"],
    }
    for at_s, states in expected.items():
        found = get(world, MODELS, at=utc_text(at_s))
        assert [one["state"] for one in found["items"]] == states
    assert found["items"][0]["parameters"]["budget_units"] == str(10**18)
    assert found["min_notice_s"] == 3600


def test_get_policy__change_of_fees__is_shown_before_it_applies(
    world: World, deployed_community: TestCommunity
) -> None:
    start_s = deployed_community.client.now_s() + DAY_S
    policy, sender = deployed_community.contracts.policy, deployed_community.sender("token_admin")
    sender.send(policy.schedule_fees(Fees(service_citizen_to_citizen_bps=25), start_s), "fees")
    sender.send(policy.schedule_incentive(1, 0, IncentiveRule(fixed_units=3, cap_units=5), start_s), "incentive")
    found = get(world, POLICY)
    assert found["fee"]["parameters"]["service_citizen_to_citizen_bps"] == 0
    assert found["fee"]["scheduled"]["valid_from"] == utc_text(start_s)
    assert found["fee"]["scheduled"]["parameters"]["service_citizen_to_citizen_bps"] == 25
    (incentive,) = found["incentives"]
    assert (incentive["scheduled"]["parameters"]["cap_units"], incentive["parameters"]["category"]) == ("5", 1)
    later = get(world, POLICY, at=utc_text(start_s))
    assert later["fee"]["parameters"]["service_citizen_to_citizen_bps"] == 25
    assert found["cap"]["parameters"] == {"period_units": str(10**20), "member_units": str(10**19)}


def test_list_models__community_without_contracts__is_404(world: World) -> None:
    assert world.call("GET", "/api/v1/communities/other/models").status_code == 404


def test_list_model_kinds__anybody__gets_rules_and_ranges(world: World) -> None:
    kinds = {one["kind"]: one for one in get(world, "/api/v1/models")["items"]}
    assert set(kinds) == {"self_consumption", "no_peaks", "combined"}
    assert kinds["no_peaks"]["parameters"]["properties"]["threshold_permille"]["maximum"] == 1100
