"""The scheduled source: each day's file is fetched at its time, and hourly again until the day is there (§3.2).

A note in `work` says which days are owed, so that a killed worker goes on where it was; a file that it received
without noting it comes again as a duplicate.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from gettone.db.engine import Database
from gettone.db.repositories.anomalies import Anomalies, Finding
from gettone.db.repositories.batch_states import DONE
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.prices import Prices
from gettone.db.repositories.sources import SourceRow
from gettone.errors import GettoneError
from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.schedule import DailySchedule
from gettone.metering.zonal_prices import starts_of
from oracle.intake import Intake
from oracle.prices.forecast import forecast_day
from oracle.prices.price_table import PRICE_SYNTAXES
from oracle.transports.folders import SourceFolders, replace_json
from oracle.transports.remote_file import RemoteFile
from oracle.transports.report import code_of

LOGGER = logging.getLogger("gettone.sources")
RETRY_MS = 3_600_000
# A day that did not come for a week is left to a person: its anomaly stays open.
MAX_DAYS = 7
SLOT_S = 900
SEVERITY = 2


@dataclass(frozen=True)
class ScheduledSource:
    """Fetches the file of one flow by its schedule; `clock` gives the receipt [unix ms]."""

    row: SourceRow
    config: FlowConfig
    folders: SourceFolders
    database: Database
    intake: Intake
    clock: Callable[[], int]

    def step(self) -> int:
        """Fetch the file of every owed day whose time has come; how many were asked for."""
        schedule, remote = DailySchedule.of(self.row.send_cron or "", self.config.clock), RemoteFile.of(self.config)
        note = self._note(schedule, remote)
        due = [day for day, at_ms in note["owed"].items() if at_ms is None or self.clock() - at_ms >= RETRY_MS]
        for text in due:
            day = date.fromisoformat(text)
            why = self._fetch(remote, remote.day_of(day), schedule.at_s(day))
            self._mark(schedule.at_s(day), why)
            note["owed"] |= {text: self.clock()}
            if why is None:
                del note["owed"][text]
            replace_json(self._place, note)
        return len(due)

    @property
    def _place(self) -> Path:
        return self.folders.place("work") / "schedule.json"

    def _note(self, schedule: DailySchedule, remote: RemoteFile) -> dict[str, Any]:
        """Days that are owed, with the last attempt [unix ms] of each, and up to when days were added [unix s].

        Where all days have one address, only the last of them can be had.
        """
        known: dict[str, Any] = {"owed": {}, "until_s": self.row.since // 1000}
        if self._place.exists():
            known = json.loads(self._place.read_text(encoding="utf-8"))
        now_s = self.clock() // 1000
        new = schedule.days(known["until_s"], now_s)
        owed = known["owed"] | {day.isoformat(): None for day in new}
        kept = sorted(owed)[-MAX_DAYS if remote.names_day else -1 :]
        oldest = schedule.day_of(now_s - MAX_DAYS * 86_400).isoformat()
        note = {"owed": {day: owed[day] for day in kept if day > oldest}, "until_s": max(known["until_s"], now_s)}
        if new or note["owed"] != known["owed"]:
            replace_json(self._place, note)
        return note

    def _fetch(self, remote: RemoteFile, day: date, planned_s: int) -> str | None:
        """Why a day is still owed, as a code; None once it is there."""
        now_ms = self.clock()
        try:
            payload = remote.fetch(day)
            receipt = self.intake.receive(self.row.flow, payload, received_at_ms=now_ms)
            outcome = self.intake.process(receipt.batch_id, now_ms=now_ms)
            why = None if self._is_there(remote, day, planned_s, receipt.sha256) else outcome.state
        except GettoneError as refusal:
            why = code_of(refusal)
        at = datetime.fromtimestamp(now_ms / 1000, UTC).isoformat(timespec="seconds")
        self.folders.write_log({"at": at, "day": day.isoformat(), "state": why or DONE})
        if why is not None:
            LOGGER.warning("source %s: the file for %s did not come [%s]", self.row.flow, day, why)
            if self.config.syntax in PRICE_SYNTAXES:
                forecast_day(self.database, day)
        return why

    def _is_there(self, remote: RemoteFile, day: date, planned_s: int, sha256: bytes) -> bool:
        """Prices: the day has some that came by a batch.  Weather: the file is of that day, or came since its time."""
        with self.database.read() as connection:
            same = Batches(connection).with_digest(self.row.flow_id, sha256)
            done = next((one for one in same if one.state == DONE), None)
            if done is not None and self.config.syntax in PRICE_SYNTAXES:
                starts = starts_of(day, SLOT_S)
                return Prices(connection).has_batches(starts.start // SLOT_S, starts.stop // SLOT_S)
        return done is not None and (remote.names_day or done.received_at >= planned_s * 1000)

    def _mark(self, planned_s: int, why: str | None) -> None:
        """Open the anomaly of a day, count its attempts, or close it."""
        first, now = planned_s // SLOT_S, self.clock() // (SLOT_S * 1000)
        with self.database.write() as connection:
            anomalies = Anomalies(connection)
            known = [
                one
                for one in anomalies.overlapping((Code.A_FETCH,), first, now, flow_ids=(self.row.flow_id,))
                if one.state == "open" and one.finding.first_slot == first
            ]
            if known and why is None:
                anomalies.change([one._replace(state="closed") for one in known])
            elif known:
                grown = [(one, one.finding._replace(last_slot=now, counted=one.finding.counted + 1)) for one in known]
                anomalies.change([one._replace(finding=finding) for one, finding in grown])
            elif why is not None:
                found = Finding(None, self.row.flow_id, str(Code.A_FETCH), first, now, 1)
                anomalies.add([found], {found.code: SEVERITY})
