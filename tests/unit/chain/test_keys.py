"""Keys come from keystore files that only their owner can read."""

import json
from pathlib import Path

import pytest

from gettone.chain.keys import create_keystore, load_signer
from gettone.errors import InputError, MissingInput, Refused

pytestmark = pytest.mark.unit

CHEAP_SCRYPT = 2


@pytest.fixture
def key_files(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "keys" / "oracle.json", tmp_path / "keys" / "oracle.password"


def test_load_signer__created_keystore__same_address_and_private_files(key_files: tuple[Path, Path]) -> None:
    address = create_keystore(*key_files, scrypt_n=CHEAP_SCRYPT)
    assert load_signer(*key_files).address == address
    assert [path.stat().st_mode & 0o777 for path in key_files] == [0o600, 0o600]
    assert json.loads(key_files[0].read_text(encoding="utf-8"))["crypto"]["kdf"] == "scrypt"


@pytest.mark.parametrize("which", [0, 1], ids=["keystore", "password"])
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_load_signer__file_others_may_read__refused_by_name(
    key_files: tuple[Path, Path], which: int, mode: int
) -> None:
    create_keystore(*key_files, scrypt_n=CHEAP_SCRYPT)
    key_files[which].chmod(mode)
    with pytest.raises(Refused) as refusal:
        load_signer(*key_files)
    assert refusal.value.code == "secret_readable"
    assert str(key_files[which]) in refusal.value.message
    assert refusal.value.exit_status == 6


def test_load_signer__password_of_another_key__refused_without_showing_it(
    key_files: tuple[Path, Path],
) -> None:
    create_keystore(*key_files, scrypt_n=CHEAP_SCRYPT)
    key_files[1].write_text("another-secret\n", encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        load_signer(*key_files)
    assert refusal.value.code == "keystore"
    assert "another-secret" not in refusal.value.message


@pytest.mark.parametrize("text", ["", "{}", "[]", "no json"])
def test_load_signer__file_that_is_no_keystore__refused(key_files: tuple[Path, Path], text: str) -> None:
    create_keystore(*key_files, scrypt_n=CHEAP_SCRYPT)
    key_files[0].write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        load_signer(*key_files)
    assert refusal.value.code == "keystore"


def test_load_signer__no_file__missing_input(key_files: tuple[Path, Path]) -> None:
    with pytest.raises(MissingInput) as refusal:
        load_signer(*key_files)
    assert refusal.value.code == "secret_missing"


def test_create_keystore__file_exists__never_overwritten(key_files: tuple[Path, Path]) -> None:
    address = create_keystore(*key_files, scrypt_n=CHEAP_SCRYPT)
    with pytest.raises(Refused) as refusal:
        create_keystore(*key_files, scrypt_n=CHEAP_SCRYPT)
    assert refusal.value.code == "key_exists"
    assert load_signer(*key_files).address == address
