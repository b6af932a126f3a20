"""The map of a community from sealed positions: what each square shows, what it hides, and who can open it."""

import csv
import io
import secrets
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from typer.testing import CliRunner

from cli.main import app
from gettone.db.columns import Base
from gettone.db.engine import Database
from gettone.db.repositories.positions import Positions
from gettone.metering.map_grid import Position, cell_of
from gettone.vault import Vault
from oracle.indicators.asking import Asking
from oracle.indicators.community_map import community_map
from oracle.indicators.essential import community_card
from oracle.indicators.query import IndicatorQuery
from oracle.indicators.viewer import Role, Viewer
from oracle.indicators.widget import Widget
from tests.factories.stored_energies import SEPTEMBER, SLUG, StoredCommunity

pytestmark = pytest.mark.database

ROME, MILAN, TURIN = (Position.parse(one) for one in ("41.9028, 12.4964", "45.4642, 9.19", "45.0703, 7.6869"))
ROME_CELL = "CRS3035RES500mN2092000E4528500"
DEVICES, HOLDERS = (Base.metadata.tables[name] for name in ("devices", "device_members"))
KEYS = Base.metadata.tables["platform_keys"]


@pytest.fixture
def vault(homes: Database) -> Vault:
    """A key of this test; the homes were registered with one that is not kept."""
    with homes.write() as connection:
        connection.execute(delete(KEYS))
    return Vault(secrets.token_bytes(32))


def place(homes: Database, vault: Vault, fontana: StoredCommunity, places: Mapping[int, Position]) -> None:
    """Put the devices of members, by number, where they are."""
    with homes.write() as connection:
        positions = Positions(connection, vault)
        for number, position in places.items():
            held = select(HOLDERS.c.device_id).where(HOLDERS.c.member_id == fontana.member_ids[number])
            for device_id in connection.execute(held).scalars().all():
                positions.set({device_id: position})


def the_map(homes: Database, vault: Vault | None) -> Widget:
    return community_map(Asking(homes, IndicatorQuery(homes, SLUG), Viewer(Role.PUBLIC), SEPTEMBER, vault=vault))


def members_by_cell(widget: Widget) -> dict[object, object]:
    names = [one.key for one in widget.columns]
    return {row[0]: row[names.index("members")] for row in widget.rows}


def test_map__three_places__sums_to_the_card(homes: Database, fontana: StoredCommunity, vault: Vault) -> None:
    places = {number: (ROME, MILAN, TURIN)[number % 3] for number in range(14)}
    place(homes, vault, fontana, places)
    widget = the_map(homes, vault)
    card = community_card(Asking(homes, IndicatorQuery(homes, SLUG), Viewer(Role.PUBLIC), SEPTEMBER))
    totals = {str(row[0]): row[1] for row in card.rows}
    for name in ("members", "plants", "plant_power"):
        column = [one.key for one in widget.columns].index(name)
        assert sum(int(str(row[column])) for row in widget.rows) == totals[name]
    assert sorted(members_by_cell(widget).values()) == [3, 4, 5, 5]


def test_map__square_of_two__stands_elsewhere_with_the_next_smallest(
    homes: Database, fontana: StoredCommunity, vault: Vault
) -> None:
    places = {number: ROME if number < 2 else MILAN if number < 6 else TURIN for number in range(17)}
    place(homes, vault, fontana, places)
    assert sorted(members_by_cell(the_map(homes, vault)).items(), key=repr) == [
        (cell_of(TURIN).name, 11),
        ("elsewhere", 6),
    ]


def test_map__two_owners_of_plants__are_on_no_square(homes: Database, fontana: StoredCommunity, vault: Vault) -> None:
    contracts, channels = (Base.metadata.tables[name] for name in ("device_contracts", "channels"))
    with homes.write() as connection:
        connection.execute(update(contracts).where(contracts.c.device_id > 4).values(plant_peak_w=None))
        connection.execute(update(channels).where(channels.c.device_id > 4).values(direction=1))
    place(homes, vault, fontana, dict.fromkeys(range(17), ROME))
    (row,) = the_map(homes, vault).rows
    assert (row[0], row[3], row[-2:]) == (ROME_CELL, 17, (None, None))


def test_map__a_member_who_left__is_on_no_square(homes: Database, fontana: StoredCommunity, vault: Vault) -> None:
    place(homes, vault, fontana, dict.fromkeys(range(17), ROME))
    with homes.write() as connection:
        connection.execute(update(HOLDERS).where(HOLDERS.c.member_id == fontana.member_ids[0]).values(valid_to=1))
    assert members_by_cell(the_map(homes, vault)) == {ROME_CELL: 16}


def test_map__two_members__is_empty(homes: Database, fontana: StoredCommunity, vault: Vault) -> None:
    place(homes, vault, fontana, dict.fromkeys(range(17), ROME))
    with homes.write() as connection:
        connection.execute(delete(HOLDERS).where(HOLDERS.c.member_id.in_(fontana.member_ids[2:])))
    assert the_map(homes, vault).rows == ()


def test_map__without_a_key__says_that_positions_are_sealed(
    homes: Database, fontana: StoredCommunity, vault: Vault
) -> None:
    place(homes, vault, fontana, {0: ROME})
    assert the_map(homes, None).withheld == "no_key"


def test_map__no_position_known__needs_no_key(homes: Database, fontana: StoredCommunity) -> None:
    found = the_map(homes, None)
    assert (found.rows, found.withheld) == ((), None)


def test_positions__at_rest__are_no_text(homes: Database, fontana: StoredCommunity, vault: Vault) -> None:
    place(homes, vault, fontana, {0: ROME})
    with homes.read() as connection:
        stored = connection.execute(select(DEVICES.c.geo).where(DEVICES.c.geo.is_not(None))).scalars().all()
    assert [b"41.9" in bytes(one) for one in stored] == [False] * len(stored)
    assert stored


def test_command__level_1_with_a_key__has_the_map_as_csv(
    homes: Database,
    homes_url: str,
    fontana: StoredCommunity,
    vault: Vault,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = secrets.token_hex(32)
    kek = tmp_path / "kek"
    kek.write_text(key, encoding="ascii")
    kek.chmod(0o600)
    monkeypatch.setenv("GETTONE_DATABASE_URL", homes_url)
    monkeypatch.setenv("GETTONE_KEK_FILE", str(kek))
    monkeypatch.chdir(tmp_path)
    place(homes, Vault(bytes.fromhex(key)), fontana, dict.fromkeys(range(17), ROME))
    words = ["kpi", "--community", SLUG, "--from", "2016-09-01", "--to", "2016-10-01", "--level", "1", "--csv"]
    shown = CliRunner().invoke(app, words, catch_exceptions=False).stdout
    table = shown.split("# community_map\n")[1].split("\n\n")[0].strip()
    (row,) = csv.DictReader(io.StringIO(table))
    assert (row["cell"], row["members"], row["plant_power[W]"]) == (ROME_CELL, "17", "85000")
    assert abs(int(row["latitude[udeg]"]) - ROME.latitude_udeg) < 5_000
