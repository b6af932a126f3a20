"""Triage folders: complete files only, names never trusted, and every step may be the last one before a kill."""

import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from gettone.errors import InputError
from oracle.transports import triage, uploads
from oracle.transports.folders import SourceFolders, shown_name
from oracle.transports.triage import TriageSource
from tests.factories.null_intake import NullIntake

pytestmark = pytest.mark.unit

NOW_MS = 1_780_000_000_000


@pytest.fixture
def folders(tmp_path: Path) -> SourceFolders:
    made = SourceFolders.of(tmp_path, "distributor")
    made.make()
    return made


@pytest.fixture
def intake() -> NullIntake:
    return NullIntake()


@pytest.fixture
def source(folders: SourceFolders, intake: NullIntake) -> TriageSource:
    return TriageSource("distributor", folders, intake, lambda: NOW_MS)


def upload(folders: SourceFolders, name: str, content: bytes, source: TriageSource | None = None) -> None:
    """Upload as a careful sender does: as a part that the source may have seen, then renamed."""
    part = folders.inbox / f"{name}.part"
    part.write_bytes(content)
    if source is not None:
        source.step()
    part.rename(folders.inbox / name)


def report(folders: SourceFolders, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folders.out / f"{name}.report.json").read_text())
    return found


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_triage__part_then_renamed__is_taken_and_reported(
    folders: SourceFolders, source: TriageSource, intake: NullIntake
) -> None:
    upload(folders, "readings.csv", b"abc", source)
    assert intake.payloads == []
    source.step()
    assert intake.payloads == [b"abc"]
    assert (names(folders.inbox), names(folders.place("work"))) == ([], [])
    found = report(folders, "readings.csv")
    assert (found["state"], found["batch_id"], found["counters"]) == ("done", 1, {"rows_new": 3})
    assert found["receipt"] == {
        "leaf_hash": "01" * 32,
        "leaf_index": 0,
        "sha256": hashlib.sha256(b"abc").hexdigest(),
    }


def test_triage__never_seen_as_a_part__waits_a_minute_unchanged(folders: SourceFolders) -> None:
    upload(folders, "a.csv", b"abc")
    changed_s = (folders.inbox / "a.csv").stat().st_ctime
    inspector = uploads.Inspector(folders.inbox)
    assert inspector.complete(changed_s + 59) == []
    assert [one.name for one in inspector.complete(changed_s + 60)] == ["a.csv"]


def test_triage__old_modification_time__does_not_make_a_file_complete(folders: SourceFolders) -> None:
    path = folders.inbox / "a.csv"
    path.write_bytes(b"half")
    os.utime(path, (0, 0))
    assert uploads.Inspector(folders.inbox).complete(time.time()) == []


def test_triage__manifest_agrees__is_taken_with_it(
    folders: SourceFolders, source: TriageSource, intake: NullIntake
) -> None:
    (folders.inbox / "a.csv.sha256").write_text(f"{hashlib.sha256(b'abc').hexdigest()}  a.csv\n")
    upload(folders, "a.csv", b"abc", source)
    source.step()
    assert (intake.payloads, names(folders.inbox)) == ([b"abc"], [])


def test_triage__manifest_on_its_way__is_waited_for(folders: SourceFolders, source: TriageSource) -> None:
    upload(folders, "a.csv", b"abc", source)
    (folders.inbox / "a.csv.sha256.part").write_text("")
    source.step()
    assert names(folders.inbox) == ["a.csv", "a.csv.sha256.part"]


@pytest.mark.parametrize("manifest", ["0" * 64, "nothing", ""])
def test_triage__manifest_disagrees__file_is_rejected_and_kept(
    folders: SourceFolders, source: TriageSource, intake: NullIntake, manifest: str
) -> None:
    (folders.inbox / "a.csv.sha256").write_text(manifest)
    upload(folders, "a.csv", b"abc", source)
    source.step()
    assert (report(folders, "a.csv")["state"], report(folders, "a.csv")["codes"]) == ("rejected", {"F_DIGEST": 1})
    assert intake.payloads == []
    assert [path.read_bytes() for path in folders.place("rejected").glob("*.bytes")] == [b"abc"]


def test_triage__too_large__is_rejected_before_it_is_read(
    folders: SourceFolders, source: TriageSource, intake: NullIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(triage, "MAX_BYTES", 2)
    upload(folders, "a.csv", b"abc", source)
    source.step()
    assert report(folders, "a.csv")["codes"] == {"F_SIZE": 1}
    assert intake.payloads == []


@pytest.mark.parametrize("state", ["rejected", "dead", "parked"])
def test_triage__not_stored__keeps_the_original_in_its_place(
    folders: SourceFolders, source: TriageSource, intake: NullIntake, state: str
) -> None:
    intake.states[b"abc"] = state
    upload(folders, "a.csv", b"abc", source)
    source.step()
    assert [path.read_bytes() for path in folders.place(state).glob("*.bytes")] == [b"abc"]
    assert report(folders, "a.csv")["state"] == state


def test_triage__rejected_row__is_reported_by_number_and_code_alone(
    folders: SourceFolders, source: TriageSource, intake: NullIntake
) -> None:
    intake.states[b"abc"] = "rejected"
    upload(folders, "a.csv", b"abc", source)
    source.step()
    assert report(folders, "a.csv")["rows"] == [[3, "R_SYNTAX", "energy_wh"]]
    assert "home01" not in (folders.out / "a.csv.report.json").read_text()


def test_triage__technical_failure__stays_in_work_until_it_ends(
    folders: SourceFolders, source: TriageSource, intake: NullIntake
) -> None:
    intake.states[b"abc"] = "retry"
    upload(folders, "a.csv", b"abc", source)
    source.step()
    assert (len(names(folders.place("work"))), names(folders.out)) == (2, [])
    intake.states.clear()
    source.step()
    assert report(folders, "a.csv")["state"] == "done"


@pytest.mark.parametrize("state", ["parked", "dead"])
def test_triage__batch_that_went_on_later__is_reported_then(
    folders: SourceFolders, source: TriageSource, intake: NullIntake, state: str
) -> None:
    intake.states[b"abc"] = state
    upload(folders, "a.csv", b"abc", source)
    source.step()
    assert source.resting() == {1: state}
    source.revisit({1: state})
    assert source.resting() == {1: state}
    intake.states.clear()
    source.revisit({1: "received"})
    source.step()
    assert (report(folders, "a.csv")["state"], source.resting()) == ("done", {})
    assert (names(folders.place(state)), names(folders.place("work"))) == ([], [])


@pytest.mark.parametrize("name", ["-rf", "..x", "a\nb", "ü.csv", "a;b", ".hidden", "x" * 220, "%2e%2e"])
def test_triage__odd_name__is_text_in_the_report_and_never_a_path(
    folders: SourceFolders, source: TriageSource, intake: NullIntake, name: str
) -> None:
    upload(folders, name, b"abc", source)
    source.step()
    (found,) = folders.out.iterdir()
    assert found.name == f"{json.loads(found.read_text()).get('token', found.name.split('.')[0])}.report.json"
    assert len(found.name) == 32 + len(".report.json")
    assert json.loads(found.read_text())["file"] == name


@pytest.mark.parametrize("name", ["a/../../b", "../b", "", "a..b"])
def test_shown_name__that_could_leave_the_folder__is_ours(name: str) -> None:
    assert shown_name(name, "token") == "token"


def test_triage__links_and_folders__are_left_alone(
    folders: SourceFolders, source: TriageSource, intake: NullIntake, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    (folders.inbox / "link").symlink_to(secret)
    (folders.inbox / "folder").mkdir()
    os.mkfifo(folders.inbox / "pipe")
    source.step()
    assert [one.name for one in source._inspector.complete(time.time() + 1000)] == []
    assert intake.payloads == []


def test_triage__manifest_that_is_a_link__is_not_followed(
    folders: SourceFolders, source: TriageSource, intake: NullIntake, tmp_path: Path
) -> None:
    (folders.inbox / "a.csv.sha256").symlink_to(tmp_path / "elsewhere")
    upload(folders, "a.csv", b"abc", source)
    source.step()
    assert intake.payloads == [b"abc"]


class Killed(BaseException):
    """What a killed process would not survive."""


@pytest.mark.parametrize("state", ["done", "rejected"])
def test_triage__killed_at_any_step__ends_as_if_it_had_not_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    kills = 0
    while True:
        folders = SourceFolders.of(tmp_path / str(kills), "distributor")
        folders.make()
        intake = NullIntake({b"abc": state})
        source = TriageSource("distributor", folders, intake, lambda: NOW_MS)
        (folders.inbox / "a.csv.sha256").write_text(hashlib.sha256(b"abc").hexdigest())
        upload(folders, "a.csv", b"abc", source)
        with monkeypatch.context() as patch:
            survived = _dies_at(patch, kills + 1, source)
        inode = [path.stat().st_ino for path in folders.inbox.iterdir()]
        again = TriageSource("distributor", folders, intake, lambda: NOW_MS)
        again._inspector._parts.update(inode)
        again.step()
        assert intake.payloads == [b"abc"]
        assert report(folders, "a.csv")["state"] == state
        assert (names(folders.inbox), names(folders.place("work"))) == ([], [])
        assert len(list(folders.place("rejected").glob("*.bytes"))) == (state == "rejected")
        if survived:
            break
        kills += 1
    assert kills >= 9


def _dies_at(patch: pytest.MonkeyPatch, at: int, source: TriageSource) -> bool:
    """Run one step that ends before its n-th change of disk or intake; whether it ran to its end."""
    calls = 0

    def deadly(function: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == at:
                raise Killed
            return function(*arguments, **options)

        return call

    for owner, name in ((os, "rename"), (os, "replace"), (os, "unlink"), (Path, "unlink"), (os, "fsync")):
        patch.setattr(owner, name, deadly(getattr(owner, name)))
    for name in ("receive", "process"):
        patch.setattr(source.intake, name, deadly(getattr(source.intake, name)))
    try:
        source.step()
    except Killed:
        return False
    return True


def test_folders__disk_full__close_the_inbox_and_open_it_again(folders: SourceFolders) -> None:
    folders.set_open(False)
    assert folders.inbox.stat().st_mode & 0o777 == 0o550
    folders.set_open(True)
    assert folders.inbox.stat().st_mode & 0o777 == 0o770


def test_folders__internal_ones__are_ours_alone(folders: SourceFolders) -> None:
    assert {folders.place(name).stat().st_mode & 0o777 for name in ("work", "rejected", "dead", "parked")} == {0o700}


@pytest.mark.parametrize("name", ["", "../x", "a/b", "A", "x" * 65, "-a"])
def test_folders__name_that_is_not_ours__has_no_place(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="no place on disk"):
        SourceFolders.of(tmp_path, name)
