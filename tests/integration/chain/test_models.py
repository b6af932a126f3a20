"""Reward models: what is scheduled as JSON comes back from the chain as the same JSON."""

import json
from pathlib import Path

import pytest

from gettone.chain.refused import ContractRefused
from gettone.rewards.model import parse_model
from tests.factories.community import CHAIN_START_S, POOL_MODEL, TestCommunity

pytestmark = pytest.mark.chain

MODELS = sorted((Path(__file__).resolve().parents[2] / "vectors" / "rewards").glob("*/model.json"))
DAY_S = 86_400


def test_schedule__every_reward_vector__comes_back_with_its_defaults(deployed_community: TestCommunity) -> None:
    assert len(MODELS) >= 10
    models = deployed_community.contracts.models
    for number, path in enumerate(MODELS, start=1):
        document = json.loads(path.read_text(encoding="utf-8"))
        valid_from_s = CHAIN_START_S + number * DAY_S
        deployed_community.schedule_model(document, valid_from_s)
        found = models.version(number)
        assert (found.version, found.valid_from_s) == (number, valid_from_s)
        assert found.document == parse_model(document).to_document(), path.parent.name
    assert models.version_count() == len(MODELS)
    third = models.model_at(CHAIN_START_S + 3 * DAY_S + 1)
    assert third == models.version(3)


def test_schedule__before_the_notice_ends__refused_with_the_times(deployed_community: TestCommunity) -> None:
    with pytest.raises(ContractRefused) as refusal:
        deployed_community.schedule_model(POOL_MODEL, CHAIN_START_S + 60)
    assert refusal.value.error_name == "RewardModelsValidFromOutOfRange"
    assert refusal.value.arguments["validFrom"] == CHAIN_START_S + 60
    assert deployed_community.contracts.models.version_count() == 0


def test_model_at__before_the_first_version__refused(deployed_community: TestCommunity) -> None:
    deployed_community.schedule_model(POOL_MODEL, CHAIN_START_S + DAY_S)
    with pytest.raises(ContractRefused) as refusal:
        deployed_community.contracts.models.model_at(CHAIN_START_S)
    assert refusal.value.error_name == "RewardModelsNoneAt"
