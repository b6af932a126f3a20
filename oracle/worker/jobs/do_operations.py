"""What was asked for through the API is done, in the order it was asked for.

A run watches for a while, so that who asks waits a second and not for the next run.
"""

import time
from collections import Counter
from dataclasses import replace

from gettone.db.repositories.communities import Communities
from gettone.db.repositories.operations import OperationRow, Operations
from gettone.errors import GettoneError, Held, Unreachable
from oracle.operations.kinds import KINDS
from oracle.worker.job import LOGGER, Interrupted, Run, Summary

WATCH_S = 50
LOOK_AGAIN_S = 1.0


def do_operations(run: Run, watch_s: float = WATCH_S) -> Summary:
    """Do every open operation, then those that come within `watch_s`; how many ended in which state.

    One that waits for a person or for the chain is tried once in a run.
    """
    ended: Counter[str] = Counter()
    tried: set[str] = set()
    until = time.monotonic() + watch_s
    while True:
        for community, operation in _open_ones(run):
            if operation.operation_id not in tried:
                run.step()
                tried.add(operation.operation_id)
                ended[_do(replace(run, community=community), operation)] += 1
        if time.monotonic() >= until or run.stopping():
            return dict(ended)
        time.sleep(LOOK_AGAIN_S)


def _open_ones(run: Run) -> list[tuple[str, OperationRow]]:
    """What is to be done, each with the slug of its community; empty for none."""
    with run.place.database.read() as connection:
        slugs: dict[int | None, str] = {one.community_id: one.slug for one in Communities(connection).all()}
        return [(slugs.get(one.community_id, ""), one) for one in Operations(connection).open_ones()]


def _do(run: Run, operation: OperationRow) -> str:
    """Do one operation and write what became of it; a defect ends it, and the others go on."""
    place, number = run.place, operation.operation_id
    with place.database.write() as connection:
        Operations(connection).begin(number)
    try:
        result = KINDS[operation.kind](run, operation)
    except Held as held:
        with place.database.write() as connection:
            Operations(connection).wait(number, {"code": held.code, "detail": held.message})
        return "held"
    except (Unreachable, Interrupted) as later:
        with place.database.write() as connection:
            Operations(connection).wait(number)
        if isinstance(later, Interrupted):
            raise
        return "waiting"
    except GettoneError as refusal:
        return _failed(run, number, refusal.code, refusal.message)
    except Exception:
        LOGGER.exception("operation %s failed: this is a defect of gettone", number)
        return _failed(run, number, "internal", "this is a defect of the server; report it with the operation's id")
    with place.database.write() as connection:
        Operations(connection).finish(number, result, place.clock())
    return "done"


def _failed(run: Run, number: str, code: str, detail: str) -> str:
    with run.place.database.write() as connection:
        Operations(connection).fail(number, {"code": code, "detail": detail}, run.place.clock())
    return "failed"
