"""Envelope encryption: nobody's key opens another's, and an unsafe key file is refused."""

import base64
import secrets
from pathlib import Path

import pytest

from gettone.errors import Conflict, InputError, MissingInput, Refused
from gettone.vault import Vault, associated, lookup_pid, seal, unseal

pytestmark = pytest.mark.unit

OWNER = ("member", "ab" * 32, 2016)


def key_file(folder: Path, content: str, mode: int = 0o600) -> Path:
    path = folder / "kek"
    path.write_text(content, encoding="ascii")
    path.chmod(mode)
    return path


def test_unwrap__own_wrapping__gives_the_key_again() -> None:
    vault, key = Vault(secrets.token_bytes(32)), secrets.token_bytes(32)
    wrapped = vault.wrap(key, OWNER)
    assert key not in wrapped
    assert vault.unwrap(wrapped, OWNER) == key
    assert vault.wrap(key, OWNER) != wrapped


@pytest.mark.parametrize(
    "owner", [("member", "ab" * 32, 2017), ("community", "ab" * 32, 2016), ("member", "ab" * 31, 2016)]
)
def test_unwrap__another_owner__is_refused(owner: tuple[str | int, ...]) -> None:
    vault = Vault(secrets.token_bytes(32))
    with pytest.raises(Conflict, match="damaged or another's"):
        vault.unwrap(vault.wrap(secrets.token_bytes(32), OWNER), owner)


def test_unwrap__changed_byte__is_refused() -> None:
    vault = Vault(secrets.token_bytes(32))
    wrapped = vault.wrap(secrets.token_bytes(32), OWNER)
    for at in range(len(wrapped)):
        with pytest.raises(Conflict):
            vault.unwrap(wrapped[:at] + bytes([wrapped[at] ^ 1]) + wrapped[at + 1 :], OWNER)
    with pytest.raises(Conflict, match="unknown format"):
        vault.unwrap(wrapped[:20], OWNER)


def test_rewrap__new_key__opens_with_the_new_one_only() -> None:
    old, new, key = Vault(secrets.token_bytes(32)), Vault(secrets.token_bytes(32)), secrets.token_bytes(32)
    moved = new.rewrap(old.wrap(key, OWNER), OWNER, old)
    assert new.unwrap(moved, OWNER) == key
    assert new.rewrap(moved, OWNER, old) == moved
    with pytest.raises(Conflict, match="was wrapped under key"):
        old.unwrap(moved, OWNER)


def test_from_file__hex_and_base64__are_the_same_key(tmp_path: Path) -> None:
    kek = secrets.token_bytes(32)
    in_hex = Vault.from_file(key_file(tmp_path, kek.hex() + "\n"))
    in_base64 = Vault.from_file(key_file(tmp_path, base64.b64encode(kek).decode()))
    assert in_hex.key_id == in_base64.key_id


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_from_file__readable_by_others__is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(Refused, match="chmod 600") as refusal:
        Vault.from_file(key_file(tmp_path, secrets.token_hex(32), mode))
    assert refusal.value.exit_status == 6


@pytest.mark.parametrize(
    ("content", "refusal"),
    [("00" * 32, Refused), ("ab" * 31, InputError), ("not a key", InputError), ("", InputError)],
)
def test_from_file__no_secret_of_32_bytes__is_refused(tmp_path: Path, content: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        Vault.from_file(key_file(tmp_path, content))


def test_from_file__no_file__is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingInput):
        Vault.from_file(tmp_path / "none")


def test_seal__text__opens_for_its_owner_only() -> None:
    key = secrets.token_bytes(32)
    sealed = seal(key, b"IT001E12345678", ("device", "1"))
    assert b"IT001" not in sealed
    assert unseal(key, sealed, ("device", "1")) == b"IT001E12345678"
    with pytest.raises(Conflict):
        unseal(key, sealed, ("device", "2"))


def test_associated__parts_that_read_the_same__differ() -> None:
    assert associated(("a", "bc")) != associated(("ab", "c"))


def test_lookup_pid__hmac__is_that_of_rfc_4231() -> None:
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert lookup_pid(b"Jefe", "what do ya want for nothing?").hex() == expected
