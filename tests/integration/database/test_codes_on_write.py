"""Words that nobody could look up are not stored: reasons of the rules, kinds of devices and communities."""

import pytest

from gettone.db.engine import Database
from gettone.db.repositories.anomalies import Anomalies, Finding
from gettone.db.repositories.batches import Batches, RejectRow
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.devices import Devices
from gettone.errors import CheckFailed, InputError
from gettone.vault import Vault

pytestmark = pytest.mark.database


def test_reasons__unknown_to_the_rules__are_refused(database: Database) -> None:
    with database.write() as connection:
        for write in (
            lambda: Batches(connection).add_rejects(1, [RejectRow(1, "R_WHATEVER", None, b"")]),
            lambda: Anomalies(connection).add([Finding(None, None, "X_WHATEVER", 0, 0, 1)], {"X_WHATEVER": 1}),
        ):
            with pytest.raises(CheckFailed) as refusal:
                write()
            assert refusal.value.code == "code_unknown"


def test_kinds__outside_their_domain__are_refused(database: Database, vault: Vault) -> None:
    with database.write() as connection:
        with pytest.raises(InputError, match="device_type 'toaster' is not one of concentrator, inverter, meter"):
            Devices(connection, vault).get_or_create("home01", kind="toaster")
        with pytest.raises(InputError, match="community_kind 'club' is not one of building, cec, project, rec"):
            Communities(connection).get_or_create("club", tz="Europe/Rome", kind="club")
