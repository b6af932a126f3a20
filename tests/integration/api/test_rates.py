"""How often a caller may call, and what every answer says of it."""

import pytest

from api.limits import RateLimit, Rates
from tests.factories.api_world import World

pytestmark = pytest.mark.database


def limit(world: World, rates: Rates) -> None:
    object.__setattr__(world.context, "rates", rates)


def test_rates__any_answer__says_what_is_left(world: World) -> None:
    limit(world, Rates(person=RateLimit(5, lambda: 0.0)))
    headers = world.call("GET", "/api/v1/me", "MB").headers
    assert headers["ratelimit-policy"] == '"minute";q=5;w=60'
    assert headers["ratelimit"] == '"minute";r=4;t=61'


def test_rates__one_too_many__waits_and_others_do_not(world: World) -> None:
    limit(world, Rates(person=RateLimit(1, lambda: 0.0)))
    world.call("GET", "/api/v1/me", "MB")
    answer = world.call("GET", "/api/v1/me", "MB")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (429, "rate_limited", "61")
    assert world.call("GET", "/api/v1/me", "CA").status_code == 200


def test_rates__nobody__is_limited_by_address(world: World) -> None:
    limit(world, Rates(anonymous=RateLimit(1, lambda: 0.0)))
    assert world.call("GET", "/api/v1/config").status_code == 200
    assert world.call("GET", "/api/v1/config").status_code == 429
