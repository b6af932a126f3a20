"""The source of files: what was uploaded is moved into `work`, given to the intake, reported and put in its place.

Every step can be repeated: a note beside each file in `work` says how far it came, so that a killed worker goes on
where it was.  The original is never changed; the intake keeps it in the lake, and a file that was not stored stays in
`rejected`, `parked` or `dead` too.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gettone.errors import InputError
from gettone.intake_port import Intake
from gettone.metering.codes import Code
from oracle.transports.folders import SourceFolders, new_token, replace_json, shown_name, sync_folder
from oracle.transports.report import receipt_of, refusal_report, sender_report
from oracle.transports.uploads import Inspector, Upload, check_digest, opened

MAX_BYTES = 2 * 1024**3
NOTE, BYTES = ".json", ".bytes"
# Where a file lies after its batch reached a state; what is done or a duplicate lies in the lake alone.
PLACE_OF_STATE = {"rejected": "rejected", "dead": "dead", "parked": "parked"}
REVISITED = ("parked", "dead")
OPEN_STATES = ("received", "parsing", "retry")


@dataclass
class TriageSource:
    """Serves the folders of one flow; `clock` gives the receipt [unix ms]."""

    flow: str
    folders: SourceFolders
    intake: Intake
    clock: Callable[[], int]

    def __post_init__(self) -> None:
        """Look at uploads from now on."""
        self._inspector = Inspector(self.folders.inbox)

    def step(self) -> int:
        """Take every complete upload and bring every file in `work` as far as it goes; how many were handled."""
        self._clean()
        for upload in self._inspector.complete(time.time()):
            self._take(upload)
        notes = sorted(self.folders.place("work").glob("*" + NOTE))
        for note in notes:
            self._advance(note.stem, json.loads(note.read_text(encoding="utf-8")))
        return len(notes)

    def resting(self) -> dict[int, str]:
        """Batches whose files rest in `parked` and `dead`, with the folder of each."""
        return {
            json.loads(note.read_text(encoding="utf-8"))["batch_id"]: place
            for place in REVISITED
            for note in self.folders.place(place).glob("*" + NOTE)
        }

    def revisit(self, states: Mapping[int, str]) -> None:
        """Bring files back into `work` whose batches went on since: registered, replayed or dismissed."""
        for place in REVISITED:
            for note in self.folders.place(place).glob("*" + NOTE):
                document = json.loads(note.read_text(encoding="utf-8"))
                if states.get(document["batch_id"], place) == place:
                    continue
                if note.with_suffix(BYTES).exists():
                    work = self.folders.place("work") / note.name
                    replace_json(work, document)
                    os.replace(note.with_suffix(BYTES), work.with_suffix(BYTES))
                note.unlink()

    def _clean(self) -> None:
        """Forget notes whose file was never moved: the worker ended between the two, and the file is still there."""
        work = self.folders.place("work")
        for note in work.glob("*" + NOTE):
            if not note.with_suffix(BYTES).exists():
                note.unlink()
        for part in work.glob("*.part"):
            part.unlink()

    def _take(self, upload: Upload) -> None:
        """Move an upload into `work` under a name of ours; its own name is only ever text."""
        token, work = new_token(), self.folders.place("work")
        stated = None if upload.sha256 is None else upload.sha256.hex()
        note = {"manifest": upload.manifest, "name": upload.name, "stated": stated, "taken_at_ms": self.clock()}
        replace_json(work / (token + NOTE), note)
        with opened(self.folders.inbox) as source, opened(work) as target:
            os.rename(upload.name, token + BYTES, src_dir_fd=source, dst_dir_fd=target)
        sync_folder(work)

    def _advance(self, token: str, note: dict[str, Any]) -> None:
        """Receive, process, report, put away: each once, however often this runs."""
        path = self.folders.place("work") / (token + BYTES)
        if "receipt" not in note:
            self._remove_manifest(note["manifest"])
            try:
                _check(path, note)
            except InputError as refusal:
                self._finish(token, note, "rejected", refusal_report(note, refusal))
                return
            receipt = self.intake.receive(self.flow, path, received_at_ms=note["taken_at_ms"])
            note = note | {"batch_id": receipt.batch_id, "receipt": receipt_of(receipt)}
            replace_json(self.folders.place("work") / (token + NOTE), note)
        outcome = self.intake.process(note["batch_id"], now_ms=self.clock())
        if outcome.state not in OPEN_STATES:
            self._finish(token, note, outcome.state, sender_report(note, outcome))

    def _remove_manifest(self, name: str | None) -> None:
        """What a manifest stated is in the note; left behind it would contradict the next file of that name."""
        if name is None:
            return
        with opened(self.folders.inbox) as source, suppress(FileNotFoundError):
            os.unlink(name, dir_fd=source)

    def _finish(self, token: str, note: dict[str, Any], state: str, report: dict[str, Any]) -> None:
        """Tell the sender first, then put the file away: a repetition writes the same report again."""
        name = shown_name(note["name"], token) + ".report.json"
        replace_json(self.folders.out / name, report)
        (self.folders.out / name).chmod(0o640)
        self.folders.write_log(
            {
                "at": datetime.fromtimestamp(self.clock() / 1000, UTC).isoformat(timespec="seconds"),
                "batch_id": note.get("batch_id"),
                "file": token,
                "state": state,
            }
        )
        work, place = self.folders.place("work"), PLACE_OF_STATE.get(state)
        if place is None:
            (work / (token + BYTES)).unlink()
            (work / (token + NOTE)).unlink()
            return
        # The note goes first: bytes without a note would be taken for nothing of ours.
        replace_json(self.folders.place(place) / (token + NOTE), note)
        os.replace(work / (token + BYTES), self.folders.place(place) / (token + BYTES))
        (work / (token + NOTE)).unlink()


def _check(path: Path, note: dict[str, Any]) -> None:
    size = path.lstat().st_size
    if size > MAX_BYTES:
        raise InputError(
            "file_too_large", f"the file has {size} bytes, more than {MAX_BYTES}: split it [{Code.F_SIZE}]"
        )
    if note["stated"] is None:
        return
    with path.open("rb") as file:
        check_digest(bytes.fromhex(note["stated"]), hashlib.file_digest(file, "sha256").digest())
