"""A row that a person mended through the API is merged by the worker, and closed once."""

from pathlib import Path
from typing import Any

import pytest

from gettone.db.engine import Database
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.operations import Asker, Operations
from gettone.settings import Settings
from gettone.vault import Vault
from oracle.intake import Intake, open_intake
from oracle.named_devices import named_devices
from oracle.operations.corrections import correct_row
from oracle.worker.job import Run, Workplace
from tests.factories.metering import FLOW, RECEIPT_MS, START_S, register, write_readings

pytestmark = pytest.mark.database


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a key of their own."""
    kek = tmp_path / "kek"
    kek.write_text(bytes(range(32)).hex())
    kek.chmod(0o600)
    return Settings(kek_file=kek, lake_dir=tmp_path / "lake")


@pytest.fixture
def intake(database: Database, settings: Settings, tmp_path: Path) -> Intake:
    """A merged batch whose last row was refused."""
    assert settings.kek_file is not None
    vault = Vault.from_file(settings.kek_file)
    register(database, vault)
    made = open_intake(database, vault, settings.lake_dir)
    rows: list[tuple[str, int, int | str]] = [("home01", START_S + 3600 * hour, hour) for hour in range(9)]
    payload = write_readings(tmp_path / "a.csv", [*rows, ("home02", START_S, "x")])
    first = made.receive(FLOW, payload, received_at_ms=RECEIPT_MS)
    made.process(first.batch_id, now_ms=RECEIPT_MS)
    return made


def correct(intake: Intake, settings: Settings, payload: Path) -> Any:
    """What the operation says of a correction of the refused row; asked twice, as after a crash."""
    receipt = intake.receive(FLOW, payload, received_at_ms=RECEIPT_MS + 1, derived_from=1)
    document = {"batch_id": 1, "row_no": rejected_rows(intake)[0], "correction": receipt.batch_id}

    def nothing(*_: object) -> Any:
        raise AssertionError("a correction needs no chain")

    place = Workplace(settings, intake.database, lambda: RECEIPT_MS + 2, nothing, nothing)
    with intake.database.write() as connection:
        number = Operations(connection).add("batch.correct", document, Asker(), RECEIPT_MS)
        operation = Operations(connection).find(number)
    assert operation is not None
    first = correct_row(Run(place, "", lambda: False), operation)
    assert correct_row(Run(place, "", lambda: False), operation) == first
    return first


def rejected_rows(intake: Intake) -> list[int]:
    with intake.database.read() as connection:
        return [one.row_no for one in Batches(connection).rejects(1)]


def reject_state(intake: Intake) -> str:
    with intake.database.read() as connection:
        return Batches(connection).rejects(1)[0].state


def test_correct_row__good_correction__is_merged_and_closes_the_row(
    intake: Intake, settings: Settings, tmp_path: Path
) -> None:
    result = correct(intake, settings, write_readings(tmp_path / "b.csv", [("home02", START_S, 7)]))
    assert (result["batch_id"], result["state"]) == (2, "done")
    assert reject_state(intake) == "fixed"


def test_correct_row__correction_that_is_wrong_too__leaves_the_row_open(
    intake: Intake, settings: Settings, tmp_path: Path
) -> None:
    result = correct(intake, settings, write_readings(tmp_path / "b.csv", [("home02", START_S, "y")]))
    assert result["state"] == "rejected"
    assert reject_state(intake) == "open"


def test_named_devices__file_of_readings__are_its_registered_devices(intake: Intake, tmp_path: Path) -> None:
    path = write_readings(tmp_path / "c.csv", [("home02", START_S, 7), ("gone", START_S, 7)])
    assert named_devices(intake.database, intake.vault, FLOW, path) == {2}


def test_named_devices__file_that_cannot_be_read__are_none(intake: Intake, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(b"\xff\xfe nonsense")
    assert named_devices(intake.database, intake.vault, FLOW, path) == frozenset()
