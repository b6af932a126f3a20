"""JW-5: rotation, a thousand unknown keys, and a provider that is down."""

import logging
import threading

import pytest

from gettone.errors import Unreachable
from gettone.identity.claims import BadToken
from tests.factories.signed_tokens import NOW_S, PERSON, Clock, Provider, jwk, signed, verifier

pytestmark = pytest.mark.unit
DAY_S = 24 * 3600


def fresh(clock: Clock, key: str = "one") -> str:
    return signed({**PERSON, "iat": clock.now_s, "exp": clock.now_s + 300}, key)


def test_keys__many_tokens_within_300_s__are_fetched_once() -> None:
    provider, clock = Provider(), Clock()
    check = verifier(provider, clock)
    for second in range(0, 300, 50):
        clock.now_s = NOW_S + second
        check.claims(fresh(clock))
    assert provider.fetches == 1


def test_keys__after_300_s__are_fetched_again() -> None:
    provider, clock = Provider(), Clock()
    check = verifier(provider, clock)
    check.claims(fresh(clock))
    clock.now_s += 300
    check.claims(fresh(clock))
    assert provider.fetches == 2


def test_rotation__token_of_a_new_key__is_accepted_at_once() -> None:
    provider, clock = Provider("one"), Clock()
    check = verifier(provider, clock)
    check.claims(fresh(clock))
    provider.keys.append(jwk("two"))
    assert check.claims(fresh(clock, "two")).sub == "2f0c"


def test_rotation__both_keys_published__tokens_of_both_are_accepted() -> None:
    clock = Clock()
    check = verifier(Provider("one", "two"), clock)
    assert check.claims(fresh(clock)).sub == check.claims(fresh(clock, "two")).sub


def test_rotation__withdrawn_key__is_refused_after_300_s() -> None:
    provider, clock = Provider("one", "two"), Clock()
    check = verifier(provider, clock)
    check.claims(fresh(clock))
    provider.keys = [jwk("two")]
    clock.now_s += 300
    with pytest.raises(BadToken, match="does not publish"):
        check.claims(fresh(clock))


def test_unknown_keys__a_thousand__cause_one_fetch() -> None:
    provider, clock = Provider(), Clock()
    check = verifier(provider, clock)
    check.claims(fresh(clock))
    before = provider.fetches
    token = fresh(clock)
    for number in range(1000):
        with pytest.raises(BadToken):
            check.keys.key_of(f"unknown-{number}")
    assert provider.fetches - before == 1
    assert check.claims(token).sub == "2f0c"


def test_unknown_keys__thirty_seconds_later__cause_another_fetch() -> None:
    provider, clock = Provider(), Clock()
    keys = verifier(provider, clock).keys
    for _ in range(3):
        with pytest.raises(BadToken):
            keys.key_of("unknown")
        clock.now_s += 30
    # The first look-up fetches the set, and each of the three asks once more for the unknown id.
    assert provider.fetches == 4


def test_unknown_keys__many_threads__cause_one_fetch() -> None:
    provider, clock = Provider(), Clock()
    check = verifier(provider, clock)
    check.claims(fresh(clock))
    refused: list[str] = []

    def ask(number: int) -> None:
        try:
            check.keys.key_of(f"unknown-{number}")
        except BadToken as refusal:
            refused.append(refusal.code)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (refused, provider.fetches) == (["token_key"] * 20, 2)


def test_provider_down__keys_known__last_good_set_serves_for_a_day_with_an_alarm(
    caplog: pytest.LogCaptureFixture,
) -> None:
    provider, clock = Provider(), Clock()
    check = verifier(provider, clock)
    check.claims(fresh(clock))
    provider.is_down = True
    clock.now_s += DAY_S
    with caplog.at_level(logging.WARNING):
        assert check.claims(fresh(clock)).sub == "2f0c"
    assert "were not renewed" in caplog.text


def test_provider_down__more_than_a_day__nobody_is_let_in() -> None:
    provider, clock = Provider(), Clock()
    check = verifier(provider, clock)
    check.claims(fresh(clock))
    provider.is_down = True
    clock.now_s += DAY_S + 1
    with pytest.raises(Unreachable):
        check.claims(fresh(clock))


def test_provider_down__many_requests__ask_once_in_thirty_seconds() -> None:
    provider, clock = Provider(), Clock()
    check = verifier(provider, clock)
    check.claims(fresh(clock))
    provider.is_down = True
    clock.now_s += 301
    for _ in range(50):
        check.claims(fresh(clock))
    assert provider.fetches == 2


def test_provider_down__from_the_start__is_told_and_mended_two_seconds_later() -> None:
    provider, clock = Provider(), Clock()
    provider.is_down = True
    check = verifier(provider, clock)
    with pytest.raises(Unreachable):
        check.claims(fresh(clock))
    provider.is_down = False
    clock.now_s += 2
    assert check.claims(fresh(clock)).sub == "2f0c"


def test_provider__answers_without_keys__counts_as_down() -> None:
    provider, clock = Provider(), Clock()
    check = verifier(provider, clock)
    check.claims(fresh(clock))
    provider.keys = []
    clock.now_s += 301
    assert check.claims(fresh(clock)).sub == "2f0c"
