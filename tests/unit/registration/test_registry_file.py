"""A registry file: written and read back alike, and refused with its place where it is wrong."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gettone.errors import InputError
from gettone.metering.flow import FlowConfig
from gettone.registration.document import CommunityEntry, DeviceEntry, FlowEntry, MemberEntry, RegistryDocument
from gettone.registration.reading import read_registry
from gettone.registration.writing import lines_of, write_registry
from gettone.types import Direction

pytestmark = pytest.mark.unit

MEMBER = "ab" * 32
CONFIG = FlowConfig(
    source_class=3,
    unit=None,
    syntax="csv",
    decimal=",",
    separator=";",
    null_marks=("", "n/d"),
    columns=(("device", "Täg"),),
)
DOCUMENT = RegistryDocument(
    CommunityEntry("demo", 'Demo "1"', "Europe/Rome", settle_slot_s=900),
    (FlowEntry("meters", CONFIG, "a supplier"), FlowEntry("plain", FlowConfig())),
    (MemberEntry(MEMBER, date(2026, 3, 1), date(2027, 1, 1), people=3),),
    (
        DeviceEntry(
            "m1",
            MEMBER,
            date(2026, 3, 1),
            ((Direction.WITHDRAWAL, 900),),
            ("meters",),
            contract_w=3000,
            digits=6,
            geo="41.9028, 12.4964",
            meter_changes=((Direction.WITHDRAWAL, datetime(2026, 3, 5, 10, tzinfo=UTC), 12_345_750, 10),),
        ),
    ),
)


def written(document: RegistryDocument, folder: Path) -> Path:
    path = folder / "registry.toml"
    write_registry(document, path)
    return path


def test_write_registry__read_back__is_the_same(tmp_path: Path) -> None:
    assert read_registry(written(DOCUMENT, tmp_path)) == DOCUMENT


def test_lines_of__twice__are_the_same_bytes() -> None:
    assert list(lines_of(DOCUMENT)) == list(lines_of(DOCUMENT))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("gettone-registry-1", "gettone-registry-9", "format"),
        ('tz = "Europe/Rome"\n', "", "'tz' is missing"),
        ("people = 3", 'people = "three"', "people must be a whole number"),
        ("people = 3", "persons = 3", "'persons' is not known"),
        ("since = 2026-03-01", 'since = "1 March"', "since must be a date"),
        ("[[1, 900]]", "[[9, 900]]", "direction 0 to 5"),
        ('flows = ["meters"]', 'flows = ["other"]', "no flow 'other'"),
        (f'holder = "{MEMBER}"', 'holder = "nobody"', "none of the members"),
        (f'member_id = "{MEMBER}"', 'member_id = "Mario Rossi"', "no name"),
        ('"source_class" = 3', '"source_class" = 99', "source_class 99"),
        ('"source_class" = 3', '"sourceclass" = 3', "config does not know sourceclass"),
        ("2026-03-05T10:00:00Z", "2026-03-05T10:00:00", "an instant with its offset"),
        ("41.9028, 12.4964", "Via Roma 1", "latitude, longitude"),
        ('geo = "', 'geo_format = "utm"\ngeo = "', "geo_format 'utm' is not known"),
        ("[[devices]]", "[[meters]]", "such a table is not known"),
        ("[community]", "community", "is no TOML file"),
    ],
)
def test_read_registry__wrong_file__is_refused_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = written(DOCUMENT, tmp_path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_registry(path)
    assert told in refused.value.message


def test_read_registry__device_twice__is_refused(tmp_path: Path) -> None:
    twice = replace(DOCUMENT, devices=DOCUMENT.devices * 2)
    with pytest.raises(InputError, match="devices, entry 2"):
        read_registry(written(twice, tmp_path))


def test_read_registry__no_file__is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_registry(tmp_path / "none.toml")
