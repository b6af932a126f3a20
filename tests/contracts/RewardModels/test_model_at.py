"""modelAt: a period is settled by the version with the latest validFrom not after its start."""

import clock
import deployment
import pytest
from model_parameters import OTHER_MODEL, POOL_MODEL
from refusal import refused

FIRST_S = deployment.DEPLOYED_AT_S + 30 * clock.DAY_S
SECOND_S = FIRST_S + 28 * clock.DAY_S


@pytest.fixture
def two_versions(models, oracle_admin):
    """Version 1 from FIRST_S and version 2 from SECOND_S."""
    models.schedule(POOL_MODEL, FIRST_S, {"from": oracle_admin})
    models.schedule(OTHER_MODEL, SECOND_S, {"from": oracle_admin})


@pytest.mark.parametrize(
    ("period_start", "version"),
    [(FIRST_S, 1), (FIRST_S + 1, 1), (SECOND_S - 1, 1), (SECOND_S, 2), (SECOND_S + 1, 2), (2**64 - 1, 2)],
)
def test_model_at__around_valid_from__is_the_latest_before(models, two_versions, period_start, version):
    assert models.modelAt(period_start)["version"] == version


@pytest.mark.parametrize("period_start", [0, FIRST_S - 1])
def test_model_at__before_the_first__is_refused(models, two_versions, period_start):
    with refused("RewardModelsNoneAt", period_start):
        models.modelAt(period_start)


def test_version_at__before_the_first__is_zero(models, two_versions):
    assert models.versionAt(FIRST_S - 1) == 0


def test_model_at__nothing_scheduled__is_refused(models):
    with refused("RewardModelsNoneAt", FIRST_S):
        models.modelAt(FIRST_S)


def test_model_at__replaced_at_the_same_date__is_the_later_version(models, two_versions, oracle_admin):
    models.schedule(POOL_MODEL, SECOND_S, {"from": oracle_admin})
    assert models.modelAt(SECOND_S)["version"] == 3


def test_version__replaced__stays_readable(models, two_versions, oracle_admin):
    models.schedule(POOL_MODEL, SECOND_S, {"from": oracle_admin})
    assert models.version(2)["parameters"] == OTHER_MODEL


def test_model_at__of_the_past__is_not_changed_by_a_later_version(models, two_versions, oracle_admin):
    before = models.modelAt(FIRST_S)
    clock.move_to(SECOND_S + clock.DAY_S)
    models.schedule(POOL_MODEL, SECOND_S + 30 * clock.DAY_S, {"from": oracle_admin})
    assert models.modelAt(FIRST_S) == before


@pytest.mark.parametrize("number", [0, 3])
def test_version__unknown__names_the_last(models, two_versions, number):
    with refused("RewardModelsUnknownVersion", number, 2):
        models.version(number)
