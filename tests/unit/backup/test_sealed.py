"""What is sealed comes back byte for byte, or not at all."""

import io
import secrets

import pytest

from gettone.errors import CheckFailed, Conflict, InputError
from gettone.vault import Vault
from oracle.backup.sealed import CHUNK_BYTES, MAGIC, SealedReader, SealedWriter

pytestmark = pytest.mark.unit
VAULT = Vault(bytes(range(32)))


def sealed(content: bytes) -> bytes:
    out = io.BytesIO()
    with SealedWriter(out, VAULT) as writer:
        writer.write(content)
    return out.getvalue()


def opened(content: bytes, vault: Vault = VAULT) -> bytes:
    return SealedReader(io.BytesIO(content), vault).read()


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_sealed__any_size__comes_back(size: int) -> None:
    content = secrets.token_bytes(size)
    assert opened(sealed(content)) == content


def test_sealed__same_content_twice__differs() -> None:
    assert sealed(b"same")[len(MAGIC) :] != sealed(b"same")[len(MAGIC) :]


@pytest.mark.parametrize("at", [len(MAGIC) + 2 + 70 + 8, -1, -20])
def test_sealed__any_bit_turned__is_damaged(at: int) -> None:
    content = bytearray(sealed(b"x" * 100))
    content[at] ^= 1
    with pytest.raises((CheckFailed, Conflict)):
        opened(bytes(content))


def test_sealed__last_chunk_cut_off__is_damaged() -> None:
    content = sealed(b"x" * (CHUNK_BYTES + 5))
    with pytest.raises(CheckFailed, match="cut short"):
        opened(content[: -(5 + 16 + 4)])


def test_sealed__something_behind_the_end__is_damaged() -> None:
    with pytest.raises(CheckFailed):
        opened(sealed(b"x") + b"y")


def test_sealed__other_file__is_none_of_ours() -> None:
    with pytest.raises(InputError, match="no backup of gettone"):
        opened(b"PK\x03\x04" + bytes(100))


def test_sealed__other_key__says_which() -> None:
    with pytest.raises(Conflict, match="GETTONE_KEK_FILE"):
        opened(sealed(b"x"), Vault(bytes(range(1, 33))))
