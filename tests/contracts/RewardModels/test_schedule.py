"""schedule: members know every model and its date before it applies."""

from operator import itemgetter

import clock
import deployment
import pytest
from brownie import reverts
from model_parameters import POOL_MODEL, as_struct, expressible
from refusal import refused

NOTICE_S = deployment.MIN_NOTICE_S
TWO_YEARS_S = 2 * 366 * clock.DAY_S


@pytest.fixture
def now(models):
    """Time of the next block, a minute after the last."""
    instant = clock.now_s() + 60
    clock.next_block_at(instant)
    return instant


def test_schedule__after_the_notice__is_version_one(models, oracle_admin, now):
    models.schedule(POOL_MODEL, now + NOTICE_S + 1, {"from": oracle_admin})
    assert models.versionCount() == 1


def test_schedule__after_the_notice__stores_number_and_dates(models, oracle_admin, now):
    models.schedule(POOL_MODEL, now + NOTICE_S + 1, {"from": oracle_admin})
    assert models.version(1)[:3] == (1, now + NOTICE_S + 1, now)


@pytest.mark.parametrize("accepted", expressible(ok=True), ids=itemgetter("name"))
def test_schedule__any_accepted_model__is_stored_in_clear(models, oracle_admin, accepted, now):
    struct = as_struct(accepted["parameters"])
    models.schedule(struct, now + NOTICE_S + 1, {"from": oracle_admin})
    assert models.version(1)["parameters"] == struct


def test_schedule__after_the_notice__publishes_the_model(models, oracle_admin, now):
    event = models.schedule(POOL_MODEL, now + NOTICE_S + 1, {"from": oracle_admin}).events["ModelScheduled"]
    assert (event["version"], event["validFrom"]) == (1, now + NOTICE_S + 1)
    assert event["parameters"] == POOL_MODEL


@pytest.mark.parametrize("refused_case", expressible(ok=False), ids=itemgetter("name"))
def test_schedule__parameter_out_of_range__names_the_field(models, oracle_admin, refused_case, now):
    field = refused_case["refused_field"]
    named = rf"(RewardModelsParameterOutOfRange: {field}, .*)|(RewardModelsSideUnused: {field})"
    with reverts(revert_pattern=named):
        models.schedule(as_struct(refused_case["parameters"]), now + NOTICE_S + 1, {"from": oracle_admin})


def test_schedule__exactly_the_notice__is_too_early(models, oracle_admin, now):
    earliest = now + NOTICE_S
    with refused("RewardModelsValidFromOutOfRange", earliest, earliest, earliest + TWO_YEARS_S):
        models.schedule(POOL_MODEL, earliest, {"from": oracle_admin})


def test_schedule__in_the_past__is_refused(models, oracle_admin, now):
    earliest = now + NOTICE_S
    with refused("RewardModelsValidFromOutOfRange", 0, earliest, earliest + TWO_YEARS_S):
        models.schedule(POOL_MODEL, 0, {"from": oracle_admin})


def test_schedule__milliseconds_instead_of_seconds__is_refused(models, oracle_admin, now):
    earliest = now + NOTICE_S
    given = (earliest + 1) * 1000
    with refused("RewardModelsValidFromOutOfRange", given, earliest, earliest + TWO_YEARS_S):
        models.schedule(POOL_MODEL, given, {"from": oracle_admin})


def test_schedule__before_the_last_version__is_refused(models, oracle_admin, now):
    models.schedule(POOL_MODEL, now + 2 * NOTICE_S, {"from": oracle_admin})
    with refused("RewardModelsOutOfOrder", now + 2 * NOTICE_S - 1, now + 2 * NOTICE_S):
        models.schedule(POOL_MODEL, now + 2 * NOTICE_S - 1, {"from": oracle_admin})


def test_schedule__refused__makes_no_version(models, oracle_admin, now):
    with reverts():
        models.schedule(POOL_MODEL, now, {"from": oracle_admin})
    assert models.versionCount() == 0


def test_schedule__by_an_oracle__is_refused(models, oracles, now):
    with refused("AccessManagedUnauthorized", oracles[0]):
        models.schedule(POOL_MODEL, now + NOTICE_S + 1, {"from": oracles[0]})


def test_constructor__notice_below_one_hour__is_refused(project, community, deployer):
    with refused("RewardModelsNoticeOutOfRange", 3599, 3600):
        project.RewardModels.deploy(community.manager, 3599, {"from": deployer})


def test_constructor__notice_of_one_hour__is_accepted(project, community, deployer):
    assert project.RewardModels.deploy(community.manager, 3600, {"from": deployer}).minNotice() == 3600
