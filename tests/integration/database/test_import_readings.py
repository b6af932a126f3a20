"""Importing files of readings: once, all or nothing, and with every row accounted for."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from gettone.db.columns import Base
from gettone.db.engine import Database
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.readings import Readings
from gettone.errors import InputError, MissingInput
from gettone.metering.flow import FlowConfig
from gettone.vault import Vault
from oracle.import_readings import import_readings
from oracle.import_report import ImportReport
from oracle.intake import Intake, open_intake
from tests.factories.metering import FLOW, RECEIPT_MS, START_S, START_SLOT, contents, register, write_readings

pytestmark = pytest.mark.database

HOURS = 30


def intake_of(database: Database, vault: Vault, path: Path) -> Intake:
    return open_intake(database, vault, path.parent / "lake")


def rows(devices: tuple[str, ...] = ("home01", "home02"), hours: range = range(HOURS)) -> list[tuple[str, int, int]]:
    return [(device, START_S + 3600 * hour, 100 * hour - 500) for device in devices for hour in hours]


def run(database: Database, vault: Vault, path: Path, now_ms: int = RECEIPT_MS, **options: bool) -> ImportReport:
    return import_readings(intake_of(database, vault, path), path, FLOW, now_ms=now_ms, **options)


def test_import__new_file__stores_every_row(database: Database, vault: Vault, tmp_path: Path) -> None:
    made = register(database, vault)
    report = run(database, vault, write_readings(tmp_path / "a.csv", rows()))
    assert (report.state, report.batch_id, report.counters.rows_new, report.counters.total) == ("done", 1, 60, 60)
    with database.read() as connection:
        found = Readings(connection).as_of(made.channels, START_SLOT, START_SLOT + 4 * HOURS, 1)
    assert [one.channel.channel_id for one in found] == list(made.channel_ids)
    assert [(one.slot, one.wh, one.quality, one.rank) for one in found[0].readings] == [
        (START_SLOT + 4 * hour, 100 * hour - 500, 1, 10) for hour in range(HOURS)
    ]


def test_import__same_file_twice__changes_nothing(database: Database, vault: Vault, tmp_path: Path) -> None:
    register(database, vault)
    path = write_readings(tmp_path / "a.csv", rows())
    run(database, vault, path)
    before = contents(database)
    report = run(database, vault, path, RECEIPT_MS + 1000)
    assert (report.state, report.batch_id, report.codes) == ("duplicate", 1, {"F_DUP": 1})
    assert contents(database) == before


def test_import__two_at_once__one_stores_and_one_is_the_duplicate(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    register(database, vault)
    path = write_readings(tmp_path / "a.csv", rows())
    together = Barrier(2)

    def one(now_ms: int) -> str:
        together.wait()
        return run(database, vault, path, now_ms).state

    with ThreadPoolExecutor(2) as pool:
        states = list(pool.map(one, (RECEIPT_MS, RECEIPT_MS + 1)))
    assert sorted(states) == ["done", "duplicate"]
    with database.read() as connection:
        assert sorted(batch.state for batch in Batches(connection).all()) in (["done"], ["done", "duplicate"])
    assert len(contents(database)["readings"]) == 60


def test_import__two_overlapping_parts__give_the_same_readings(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    register(database, vault)
    run(database, vault, write_readings(tmp_path / "first.csv", rows(hours=range(20))))
    report = run(database, vault, write_readings(tmp_path / "second.csv", rows(hours=range(10, HOURS))), RECEIPT_MS + 1)
    assert (report.counters.rows_equal, report.counters.rows_new) == (20, 20)
    stored = contents(database, "readings", "reading_versions")
    assert [row[:6] for row in stored["readings"]] == expected_readings()
    assert stored["reading_versions"] == []


def expected_readings() -> list[tuple[object, ...]]:
    found = [
        (channel, START_SLOT + 4 * hour, 100 * hour - 500, 1, 10, 1) for channel in (1, 2) for hour in range(HOURS)
    ]
    return sorted(found, key=repr)


def test_import__corrected_value__keeps_the_one_before(database: Database, vault: Vault, tmp_path: Path) -> None:
    made = register(database, vault)
    run(database, vault, write_readings(tmp_path / "a.csv", rows()))
    corrected = [("home01", START_S, 777)]
    report = run(database, vault, write_readings(tmp_path / "b.csv", corrected), RECEIPT_MS + 1)
    assert report.counters.rows_changed == 1
    stored = contents(database, "readings", "reading_versions")
    assert (made.channel_ids[0], START_SLOT, 777, 3, 10, 2, 2) in stored["readings"]
    assert stored["reading_versions"] == [(made.channel_ids[0], START_SLOT, 1, -500, 1, 10, 1, "superseded")]


def test_as_of__batch_before_the_correction__gives_what_was_current_then(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    made = register(database, vault)
    for number, wh in enumerate((10, 20, 30), start=1):
        path = write_readings(
            tmp_path / f"{number}.csv", [("home01", START_S, wh), ("home02", START_S + 3600 * number, wh)]
        )
        assert run(database, vault, path, RECEIPT_MS + number).batch_id == number
    with database.read() as connection:
        assert Batches(connection).highest() == 3
        found = {
            batch: [
                [(one.slot - START_SLOT, one.wh, one.quality) for one in channel.readings]
                for channel in Readings(connection).as_of(made.channels, START_SLOT, START_SLOT + 100, batch)
            ]
            for batch in range(4)
        }
    assert found == {
        0: [[], []],
        1: [[(0, 10, 1)], [(4, 10, 1)]],
        2: [[(0, 20, 3)], [(4, 10, 1), (8, 20, 1)]],
        3: [[(0, 30, 3)], [(4, 10, 1), (8, 20, 1), (12, 30, 1)]],
    }


def test_as_of__range__is_half_open(database: Database, vault: Vault, tmp_path: Path) -> None:
    made = register(database, vault)
    run(database, vault, write_readings(tmp_path / "a.csv", rows()))
    with database.read() as connection:
        found = Readings(connection).as_of(made.channels, START_SLOT + 4, START_SLOT + 12, 1)
    assert [[one.slot for one in channel.readings] for channel in found] == [[START_SLOT + 4, START_SLOT + 8]] * 2


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("home01", START_S, "12.5"), "R_SYNTAX"),
        (("home01", START_S + 60, 5), "T_MISALIGNED"),
        (("home01", 1_600_000_000 // 3600 * 3600, 5), "T_FUTURE"),
        (("home01", 1_300_000_000 // 3600 * 3600, 5), "T_TOO_OLD"),
        (("home01", START_S, 2**31), "R_RANGE"),
        (("stranger", START_S, 5), "R_UNKNOWN"),
    ],
)
def test_import__one_wrong_row__refuses_the_file_and_changes_nothing(
    database: Database, vault: Vault, tmp_path: Path, row: tuple[str, int, int | str], code: str
) -> None:
    register(database, vault)
    before = contents(database)
    path = write_readings(tmp_path / "a.csv", [*rows(("home02",)), row])
    with pytest.raises(InputError) as refusal:
        run(database, vault, path)
    assert f"a.csv, row {HOURS + 2}: " in refusal.value.message
    assert f"[{code}]" in refusal.value.message
    assert contents(database) == before


def test_import__same_slot_twice_with_different_values__is_refused(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    register(database, vault)
    path = write_readings(tmp_path / "a.csv", [*rows(), ("home01", START_S, 1)])
    with pytest.raises(InputError, match="different values to the same slot"):
        run(database, vault, path)
    assert all(not found for found in contents(database).values())


def test_import__accepted_rejects__stores_the_others_and_counts_all(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    made = register(database, vault)
    wrong = [("home01", START_S + 3600, "x"), ("home02", START_S, 1), ("home02", START_S + 3600 * 29, 60_000)]
    path = write_readings(tmp_path / "a.csv", [*rows(hours=range(1, 29)), *wrong, ("home02", START_S, 2)])
    report = run(database, vault, path, accept_rejects=True)
    counters = report.counters
    assert (counters.rows_new, counters.rows_rejected, counters.rows_quarantined) == (56, 1, 3)
    assert counters.total == report.rows == 60
    assert report.codes == {"D_CONFLICT": 2, "P_BOUND": 1, "R_SYNTAX": 1}
    with database.read() as connection:
        held = Readings(connection).quarantined(made.channel_ids, START_SLOT, START_SLOT + 4 * HOURS, 1)
        assert held == 2
        assert [(one.row_no, one.code, one.field) for one in Batches(connection).rejects(1)] == [
            (58, "R_SYNTAX", "energy_wh")
        ]
    states = [row[-1] for row in contents(database)["reading_versions"]]
    assert sorted(str(state) for state in states) == ["conflict", "conflict", "quarantined"]


def test_import__held_back_value_in_two_files__waits_once(database: Database, vault: Vault, tmp_path: Path) -> None:
    register(database, vault)
    spike = ("home01", START_S, 60_000)
    run(database, vault, write_readings(tmp_path / "a.csv", [spike]))
    report = run(database, vault, write_readings(tmp_path / "b.csv", [spike, ("home02", START_S, 5)]), RECEIPT_MS + 1)
    assert report.counters.rows_quarantined == 1
    assert len(contents(database)["reading_versions"]) == 1


def test_import__more_than_a_fifth_wrong__rejects_the_whole_file(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    register(database, vault)
    good, wrong = rows(("home01",), range(8)), [("home02", START_S + 3600 * hour, "1,5") for hour in range(2)]
    report = run(database, vault, write_readings(tmp_path / "fifth.csv", good + wrong), accept_rejects=True)
    assert (report.state, report.counters.rows_new, report.counters.rows_rejected) == ("done", 8, 2)
    wrong.append(("home02", START_S + 7200, "1,5"))
    path = write_readings(tmp_path / "more.csv", good + wrong)
    report = run(database, vault, path, RECEIPT_MS + 1, accept_rejects=True)
    assert (report.state, report.counters.rows_rejected, report.counters.total) == ("rejected", 11, 11)
    tables = ("readings", "reading_versions", "rejects")
    before = contents(database, *tables)
    assert len(before["readings"]) == 8
    assert run(database, vault, path, RECEIPT_MS + 2, accept_rejects=True).state == "rejected"
    assert contents(database, *tables) == before


def test_import__dry_run__stores_nothing(database: Database, vault: Vault, tmp_path: Path) -> None:
    register(database, vault)
    before = contents(database)
    path = write_readings(tmp_path / "a.csv", [*rows(), ("home01", START_S + 3600 * 40, "x")])
    report = run(database, vault, path, dry_run=True)
    assert (report.state, report.batch_id, report.counters.rows_new) == ("would_be_done", None, 60)
    assert [(one.row, one.code) for one in report.errors] == [(62, "R_SYNTAX")]
    assert contents(database) == before


def test_import__parts_of_a_quarter__become_one_value_if_all_are_there(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    made = register(database, vault, step_s=900)
    parts = [("home01", START_S + 300 * part, 10 + part) for part in range(5)]
    report = run(database, vault, write_readings(tmp_path / "a.csv", parts, interval_s=300))
    counters = report.counters
    assert (counters.rows_new, counters.rows_merged, counters.rows_missing, counters.total) == (1, 2, 2, 5)
    assert report.codes == {"T_PARTIAL": 2}
    assert [row[:3] for row in contents(database)["readings"]] == [(made.channel_ids[0], START_SLOT, 33)]


def test_import__better_source__replaces_and_worse_is_kept_beside(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    made = register(database, vault, config=FlowConfig(source_class=3))
    run(database, vault, write_readings(tmp_path / "a.csv", [("home01", START_S, 187)]))
    with database.write() as connection:
        flows = Flows(connection)
        distributor = flows.get_or_create("distributor", FlowConfig(source_class=1))
        for device_id in flows.devices(flows.get(FLOW).flow_id):
            flows.add_device(distributor.flow_id, device_id)
    better = write_readings(tmp_path / "b.csv", [("home01", START_S, 190)])
    import_readings(intake_of(database, vault, better), better, "distributor", now_ms=RECEIPT_MS + 1)
    again = write_readings(tmp_path / "c.csv", [("home01", START_S, 187), ("home02", START_S, 1)])
    assert run(database, vault, again, RECEIPT_MS + 2).counters.rows_older == 1
    stored = contents(database)
    assert stored["readings"][0][:5] == (made.channel_ids[0], START_SLOT, 190, 3, 50)
    assert [row[-1] for row in stored["reading_versions"]] == ["superseded", "older"]


def test_import__unknown_flow__names_the_known(database: Database, vault: Vault, tmp_path: Path) -> None:
    register(database, vault)
    path = write_readings(tmp_path / "a.csv", rows())
    intake = intake_of(database, vault, path)
    with pytest.raises(MissingInput, match="known are upload"):
        import_readings(intake, path, "other", now_ms=RECEIPT_MS)


def test_import__missing_column__names_it(database: Database, vault: Vault, tmp_path: Path) -> None:
    register(database, vault)
    with pytest.raises(InputError, match="the file has no column 'energy_wh'"):
        run(database, vault, write_readings(tmp_path / "a.csv", rows(), columns="energy_kwh"))


def test_import__names_of_devices__are_nowhere_in_clear(database: Database, vault: Vault, tmp_path: Path) -> None:
    register(database, vault, ("IT001E12345678", "home02"))
    wrong = ("IT001E12345678", START_S, "x")
    run(database, vault, write_readings(tmp_path / "a.csv", [*rows(("home02",)), wrong]), accept_rejects=True)
    stored = contents(database, *Base.metadata.tables)
    everything = b"".join(
        field if isinstance(field, bytes) else str(field).encode()
        for rows_of_table in stored.values()
        for row in rows_of_table
        for field in row
    )
    assert len(everything) > 1000
    assert b"IT001E12345678" not in everything
