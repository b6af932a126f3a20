"""Law 4 where persons edited: the batches of class 6 are applied again, and the replayed database is the same."""

from pathlib import Path

import pytest
from sqlalchemy import select

from gettone.db.engine import Database
from gettone.db.repositories.edits import EditRow
from gettone.db.tables import Batch, ReadingVersion
from gettone.errors import CheckFailed
from gettone.metering.edits.approval import Action
from gettone.vault import Vault
from oracle.intake import Intake, open_intake
from oracle.quality.editing import Wanted, approve_edit, propose_edit
from oracle.replay import replay_into
from tests.factories.metering import FLOW, RECEIPT_MS, START_S, START_SLOT, contents, register, write_readings

pytestmark = pytest.mark.database

DEVICE = "home01"
TABLES = ("readings", "reading_versions", "gaps", "estimates", "coverage_days", "pending_checks")
# 10 kW carry 16,500 Wh an hour: hours 3 and 5 wait for a person, and so do 26 equal hours after the merge.
MEASURED = {hour: 500 if 10 <= hour < 36 else 100 + hour for hour in range(48)} | {3: 20_000, 5: 30_000}


class History:
    """What happens to one meter, a minute after the other."""

    def __init__(self, intake: Intake, channel_id: int, folder: Path) -> None:
        self.intake, self._channel_id, self._folder = intake, channel_id, folder
        self._now_ms = RECEIPT_MS

    def receive(self, wh_by_hour: dict[int, int]) -> None:
        self._now_ms += 60_000
        rows = [(DEVICE, START_S + 3600 * hour, wh) for hour, wh in wh_by_hour.items()]
        path = write_readings(self._folder / f"{self._now_ms}.csv", rows)
        receipt = self.intake.receive(FLOW, path, received_at_ms=self._now_ms)
        assert self.intake.process(receipt.batch_id, now_ms=self._now_ms).state == "done"

    def edit(self, action: Action, from_hour: int, to_hour: int, typed_wh: tuple[int, ...] = ()) -> EditRow:
        self._now_ms += 60_000
        slots = (START_SLOT + 4 * from_hour, START_SLOT + 4 * to_hour, 4)
        wanted = Wanted(self._channel_id, action, *slots, "read on site", typed_wh=typed_wh)
        database, lake = self.intake.database, self.intake.lake
        row = propose_edit(database, wanted, operator="a.rossi", now_ms=self._now_ms)
        return approve_edit(database, lake, row.edit_id, operator="b.verdi", now_ms=self._now_ms)


@pytest.fixture
def history(database: Database, vault: Vault, tmp_path: Path) -> History:
    """A meter whose values were measured, accepted, refused, withdrawn, typed, and measured again."""
    community = register(database, vault, [DEVICE])
    found = History(open_intake(database, vault, tmp_path / "lake"), community.channel_ids[0], tmp_path)
    found.receive(MEASURED)
    found.edit(Action.ACCEPT, 3, 4)
    found.edit(Action.REFUSE, 5, 6)
    found.edit(Action.WITHDRAW, 0, 2)
    found.edit(Action.ACCEPT, 10, 36)
    found.receive({1: 77, 2: 78, 12: 501})
    found.edit(Action.SUBSTITUTE, 2, 6, (81, 82, 83, 84))
    found.receive({4: 444, 40: 445})
    return found


def test_replay_into__batches_and_edits_between_them__the_same_tables(history: History, replica: Database) -> None:
    assert replay_into(history.intake, replica) == 8
    assert contents(replica, *TABLES) == contents(history.intake.database, *TABLES)
    # The story has every state, and a check that took values back between the batches.
    with replica.read() as connection:
        states = set(connection.execute(select(ReadingVersion.state)).scalars())
        checks = connection.execute(select(Batch.merge_no).where(Batch.sha256.is_(None))).scalars().all()
    assert (states, checks) == ({"accepted", "refused", "superseded"}, [2])


def test_replay_into__edit_that_does_not_fit_any_more__is_no_silent_difference(
    history: History, replica: Database
) -> None:
    # An erasure takes the payload of a batch: what the edit speaks of is not there in the replay.
    with history.intake.database.write() as connection:
        connection.exec_driver_sql("UPDATE batches SET sha256 = NULL WHERE batch_id = 1")
    with pytest.raises(CheckFailed) as refusal:
        replay_into(history.intake, replica)
    assert refusal.value.code == "replay_differs"
