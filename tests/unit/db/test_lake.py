"""The lake: written once, unreadable without its key, and whole or refused."""

import os
from pathlib import Path

import pytest

from gettone.errors import Conflict, InputError, MissingInput
from gettone.lake import PIECE_BYTES, Lake

pytestmark = pytest.mark.unit

KEY = bytes(range(32))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """An empty lake."""
    return Lake(tmp_path / "lake", KEY)


def place_of(folder: Path, sha256: bytes) -> Path:
    """Where a payload is stored."""
    return folder / "lake" / sha256.hex()[:2] / sha256.hex()


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES])
def test_put__any_size__comes_back_and_is_not_in_clear(lake: Lake, tmp_path: Path, size: int) -> None:
    payload = os.urandom(16) * (size // 16) + b"x" * (size % 16)
    (tmp_path / "file").write_bytes(payload)
    sha256, found = lake.put(payload)
    assert (sha256, found) == lake.put(tmp_path / "file")
    assert (found, lake.read(sha256)) == (size, payload)
    with lake.opened(sha256) as path:
        assert path.read_bytes() == payload
    assert not path.exists()
    assert size < 16 or payload[:16] not in place_of(tmp_path, sha256).read_bytes()


def test_put__same_bytes_again__do_not_touch_what_is_stored(lake: Lake, tmp_path: Path) -> None:
    sha256, _ = lake.put(b"readings")
    before = place_of(tmp_path, sha256).read_bytes()
    lake.put(b"readings")
    assert place_of(tmp_path, sha256).read_bytes() == before
    assert [one.name for one in (tmp_path / "lake").iterdir()] == [sha256.hex()[:2]]


@pytest.mark.parametrize("cut", ["shortened", "piece", "flipped", "swapped", "empty"])
def test_read__changed_file__is_refused(lake: Lake, tmp_path: Path, cut: str) -> None:
    sha256, _ = lake.put(os.urandom(2 * PIECE_BYTES))
    other, _ = lake.put(b"other")
    place = place_of(tmp_path, sha256)
    raw = place.read_bytes()
    changed = {
        "shortened": raw[:-1],
        "piece": raw[: -(PIECE_BYTES + 16)],
        "flipped": raw[:100] + bytes([raw[100] ^ 1]) + raw[101:],
        "swapped": place_of(tmp_path, other).read_bytes(),
        "empty": b"",
    }
    place.write_bytes(changed[cut])
    with pytest.raises(Conflict) as refusal:
        lake.read(sha256)
    assert refusal.value.code == "lake_damaged"


def test_read__absent_or_erased__is_missing(lake: Lake) -> None:
    sha256, _ = lake.put(b"readings")
    assert lake.has(sha256)
    lake.erase(sha256)
    lake.erase(sha256)
    assert not lake.has(sha256)
    with pytest.raises(MissingInput, match="lake does not hold"):
        lake.read(sha256)


def test_read__other_key__is_refused(lake: Lake, tmp_path: Path) -> None:
    sha256, _ = lake.put(b"readings")
    with pytest.raises(Conflict):
        Lake(tmp_path / "lake", bytes(32)).read(sha256)


def test_put__unreadable_file__is_refused(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        lake.put(tmp_path / "none")


def test_sweep__what_a_killed_writer_left__is_deleted(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "lake" / "part-abc").write_bytes(b"half")
    assert (lake.sweep(), lake.sweep()) == (1, 0)
    assert 0 <= lake.free_permille() <= 1000
