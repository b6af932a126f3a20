"""The figures that the API serves are those of the indicators, with the same rules of disclosure."""

from dataclasses import replace
from datetime import date

import pytest

from gettone.db.engine import Database
from gettone.figure_port import FiguresAsked
from gettone.vault import Vault
from oracle.figures import StoredFigures

pytestmark = pytest.mark.database

ASKED = FiguresAsked("fontana", date(2016, 9, 1), date(2016, 10, 1), "public", resolution="day")


def test_widgets__days_of_17_homes__sum_to_the_reference(homes: Database, vault: Vault) -> None:
    (found,) = StoredFigures().widgets(homes, vault, ASKED)
    names = [one["name"] for one in found["columns"]]
    sums = {name: sum(row[names.index(name)] for row in found["rows"]) for name in ("withdrawn", "injected", "shared")}
    assert sums == {"withdrawn": 9_149_226, "injected": 3_365_017, "shared": 1_457_968}
    assert found["withheld"] is None


def test_widgets__whole_range__are_all_indicators_at_once(homes: Database, vault: Vault) -> None:
    (found,) = StoredFigures().widgets(homes, vault, replace(ASKED, resolution="whole"))
    values = {row[0]: row[1] for row in found["rows"]}
    assert (values["self_consumption"], values["self_sufficiency"]) == (7_692, 4_524)


def test_widgets__level__is_the_dashboard(homes: Database, vault: Vault) -> None:
    found = StoredFigures().widgets(homes, vault, replace(ASKED, viewer="admin", level=1))
    assert found[0]["widget"] == "community_card"


def test_groups__community_without_any__are_none(homes: Database) -> None:
    with homes.read() as connection:
        assert StoredFigures().groups(connection, 1, is_admin=True) == []
