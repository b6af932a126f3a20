"""Processing a batch for somebody who waits for its end, as a person at the command line does."""

import time

from gettone.db.repositories.batch_states import PARSING
from gettone.db.repositories.batches import Batches
from gettone.errors import Conflict
from oracle.intake import Intake
from oracle.intake_outcome import Outcome, outcome_of

STEP_S = 0.05
PATIENCE_S = 60


def process_to_the_end(intake: Intake, batch_id: int, *, now_ms: int) -> Outcome:
    """As `Intake.process`; where another worker took the batch first, wait for what becomes of it.

    Conflict `batch_at_work` when that takes longer than a minute: the batch is not lost, and the worker's lease ends.
    """
    outcome = intake.process(batch_id, now_ms=now_ms)
    until_s = time.monotonic() + PATIENCE_S
    while outcome.state == PARSING:
        if time.monotonic() > until_s:
            raise Conflict(
                "batch_at_work",
                f"another worker has had batch {batch_id} for more than {PATIENCE_S} s: "
                "see later what became of it with 'gettone readings rejects'",
            )
        time.sleep(STEP_S)
        with intake.database.read() as connection:
            outcome = outcome_of(Batches(connection).get([batch_id])[batch_id])
    return outcome
