"""The zip of a take-out: one form, and every trick of a hostile zip refused."""

import contextlib
import io
import struct
import zipfile

import pytest

from gettone.errors import InputError
from gettone.notary import archive

pytestmark = pytest.mark.unit

ENTRIES = {"b/two.json": b"{}", "a.txt": b"hello\n", "B.txt": b""}


def zipped(*entries: tuple[str, bytes], **options: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as opened:  # type: ignore[call-overload]
        for name, content in entries:
            opened.writestr(name, content)
    return buffer.getvalue()


def code_of(data: bytes) -> str:
    with pytest.raises(InputError) as refusal:
        archive.read_archive(data)
    return refusal.value.code


def test_write_archive__any_order__same_bytes_stored_sorted_and_dated() -> None:
    data = archive.write_archive(ENTRIES)
    assert data == archive.write_archive(dict(reversed(ENTRIES.items())))
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == ["B.txt", "a.txt", "b/two.json"]
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.compress_type for info in opened.infolist()} == {zipfile.ZIP_STORED}


def test_read_archive__written__same_entries_and_deterministic() -> None:
    read = archive.read_archive(archive.write_archive(ENTRIES))
    assert (dict(read.entries), read.deterministic) == (ENTRIES, True)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_read_archive__packed_by_another_program__read_but_not_deterministic(method: int) -> None:
    read = archive.read_archive(zipped(*ENTRIES.items(), compression=method))
    assert (dict(read.entries), read.deterministic) == (ENTRIES, False)


def test_read_archive__any_bit_of_the_frame_flipped__refused_or_not_deterministic() -> None:
    data = archive.write_archive(ENTRIES)
    for at in range(len(data)):
        flipped = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with contextlib.suppress(InputError):
            assert not archive.read_archive(flipped).deterministic, f"byte {at}"


@pytest.mark.parametrize("name", ["../x", "/x", "a/../b", "a\\b", "a//b", "x/", "a b", "ä", ".hidden", "a/.b"])
def test_read_archive__wandering_name__refused(name: str) -> None:
    assert code_of(zipped((name, b"x"))) in ("archive_name", "archive_broken")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_read_archive__name_twice__refused() -> None:
    assert code_of(zipped(("a", b"1"), ("a", b"2"))) == "archive_duplicate"


def test_read_archive__bomb_by_ratio__refused() -> None:
    assert code_of(zipped(("a", bytes(1 << 20)), compression=zipfile.ZIP_DEFLATED)) == "archive_bomb"


def test_read_archive__bomb_by_sum__refused() -> None:
    noise = bytes(range(256)) * 40
    entries = [(f"f{number}", noise * 200) for number in range(40)]
    assert code_of(zipped(*entries, compression=zipfile.ZIP_DEFLATED)) == "archive_bomb"


def test_read_archive__stated_length_too_small__refused() -> None:
    data = bytearray(zipped(("a", b"x" * 5000), compression=zipfile.ZIP_DEFLATED))
    at = data.index(b"PK\1\2")
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    assert code_of(bytes(data)) == "archive_broken"


def test_read_archive__too_many_entries__refused() -> None:
    entries = [(f"f{number}", b"") for number in range(archive.MAX_ENTRIES + 1)]
    assert code_of(zipped(*entries)) == "archive_limit"
    with pytest.raises(InputError, match="too large"):
        archive.write_archive(dict(entries))


def test_read_archive__too_long__refused_unread() -> None:
    assert code_of(bytes(archive.MAX_ARCHIVE_BYTES + 1)) == "archive_limit"


def test_read_archive__encrypted_or_unknown_method__refused() -> None:
    data = bytearray(archive.write_archive({"a": b"x"}))
    at = data.index(b"PK\1\2")
    data[at + 8] |= 1
    assert code_of(bytes(data)) == "archive_method"
    assert code_of(zipped(("a", b"x"), compression=zipfile.ZIP_BZIP2)) == "archive_method"


@pytest.mark.parametrize("data", [b"", b"PK", b"hello" * 100])
def test_read_archive__no_zip__refused(data: bytes) -> None:
    assert code_of(data) == "archive_broken"
