"""Passwords and codes of the demonstration's provider."""

import pytest

from gettone.identity.embedded.passwords import (
    hashed_password,
    is_password,
    is_weak,
    new_recovery_codes,
    new_totp_secret,
    totp_code,
    totp_in_base32,
    totp_step,
)
from tests.factories.authenticator import Authenticator

pytestmark = pytest.mark.unit
SECRET = "12345678901234567890"
NOW_S = 1_800_000_000


def test_password__right_one__is_known_by_its_hash() -> None:
    stored = hashed_password("prova-lunga-2026!")
    assert is_password("prova-lunga-2026!", stored)
    assert not is_password("prova-lunga-2026", stored)
    assert "prova" not in stored


def test_password__same_twice__has_two_hashes() -> None:
    assert hashed_password("prova-lunga-2026!") != hashed_password("prova-lunga-2026!")


def test_password__nobody__has_none() -> None:
    assert not is_password("", None)


@pytest.mark.parametrize("password", ["short", "anna.verdi@example.org", "ANNA.VERDI@example.org"])
def test_password__short_or_the_address__is_weak(password: str) -> None:
    assert is_weak(password, "anna.verdi@example.org")


@pytest.mark.parametrize(("at_s", "code"), [(59, "287082"), (1111111109, "081804"), (2000000000, "279037")])
def test_totp__vectors_of_rfc_6238__agree(at_s: int, code: str) -> None:
    assert totp_code(SECRET, at_s // 30) == code


@pytest.mark.parametrize(("late_s", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_totp__a_step_early_or_late__is_accepted(late_s: int, accepted: bool) -> None:
    code = totp_code(SECRET, NOW_S // 30)
    assert (totp_step(SECRET, code, NOW_S + late_s, 0) is not None) == accepted


def test_totp__code_that_was_used__is_refused() -> None:
    code = totp_code(SECRET, NOW_S // 30)
    step = totp_step(SECRET, code, NOW_S, 0)
    assert step is not None
    assert totp_step(SECRET, code, NOW_S, step) is None


@pytest.mark.parametrize("code", ["", "000000", "28708", "abcdef"])
def test_totp__wrong_code__is_refused(code: str) -> None:
    assert totp_step(SECRET, code, 59, 0) is None


def test_totp__typed_key__makes_the_same_codes() -> None:
    secret = new_totp_secret()
    authenticator = Authenticator(totp_in_base32(secret))
    assert authenticator.code() == totp_code(secret, authenticator._last_step)


def test_recovery_codes__are_twelve_and_differ() -> None:
    codes = new_recovery_codes()
    assert (len(codes), len(set(codes))) == (12, 12)
    assert new_recovery_codes() != codes
