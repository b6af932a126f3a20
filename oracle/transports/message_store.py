"""Windows of messages through the intake: received once, judged, and answered message by message."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gettone.db.engine import Database
from gettone.db.repositories.sources import Sources
from gettone.errors import Unreachable
from gettone.intake_port import Intake
from gettone.vault import Vault
from oracle.transports.answers import Answer, full_answers, quick_answers, read_stored
from oracle.transports.windows import Window

WAITING = ("received", "parsing", "retry")


@dataclass(frozen=True)
class MessageStore:
    """Stores the windows of one flow; `has_room` says whether the disk may take more, `clock` gives unix ms."""

    database: Database
    vault: Vault
    intake: Intake
    flow: str
    has_room: Callable[[], bool]
    clock: Callable[[], int]

    def store(self, window: Window) -> Sequence[Answer]:
        """What became of each message of a window, once all is committed; V14 to V19 follow without a device waiting.

        Unreachable while the disk is full or the batch waits for another attempt: nothing is acknowledged then.
        """
        if window.batch_id is None:
            if not self.has_room():
                raise Unreachable("storage_full", "less than a tenth of the disk is free: nothing is taken")
            window.batch_id = self.intake.receive(self.flow, window.payload, received_at_ms=self.clock()).batch_id
        outcome = self.intake.merge(window.batch_id, now_ms=self.clock())
        if outcome.state in WAITING:
            raise Unreachable("batch_waits", f"batch {window.batch_id} is {outcome.state}: it is tried again")
        messages = [one.message for one in window.deliveries]
        answers = quick_answers(messages, outcome)
        if answers is None:
            with self.database.read() as connection:
                answers = full_answers(messages, read_stored(connection, self.vault, window.batch_id, messages))
        return answers

    def note_presence(self, device_id: int, online: bool) -> None:
        """Remember that a device came or went, as its last will tells."""
        with self.database.write() as connection:
            Sources(connection).set_presence(device_id, online, self.clock())
