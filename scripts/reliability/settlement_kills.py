"""Kill the process that settles, after every persisted step and between them, and compare what is left with a model.

    python scripts/reliability/settlement_kills.py [--seeds 1000] [--first 0]

Each seed kills a process with SIGKILL once or twice, at a step or at an instant drawn from the seed, and lets the
last one come to its end.  Then nobody has been paid twice or forgotten: every balance, the supply, the openings and
the chunks on chain, the number of transactions and the states are those of a run that nobody killed.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gettone.chain.client import ChainClient
from gettone.db.engine import Database
from scripts.reliability.settlement_stage import CLOSED, Books, Stage, Work

MAX_KILLS = 2
"""The first kill of a seed comes at a step, the second at a step or at any instant."""
NEVER = 2**31


@dataclass
class Outcome:
    """What a series of seeds did: how often a process was killed and where, and every seed that went wrong."""

    seeds: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    wrong: dict[int, str] = field(default_factory=dict)

    def rows(self) -> list[list[str]]:
        """What was injected, how often, and what happened."""
        what = [[f"SIGKILL {where}", str(count)] for where, count in sorted(self.kills.items())]
        runs = ["settlements and corrections brought to their end", str(self.seeds)]
        return [runs, *what, ["payments lost or made twice", str(len(self.wrong))]]


def run_seeds(stage: Stage, seeds: range, say: Callable[[str], None] = lambda _: None) -> Outcome:
    """Every seed on the stage; the model is the run that nobody killed."""
    models = {work: reference(stage, work) for work in Work}
    outcome = Outcome()
    for seed in seeds:
        try:
            model = models[list(Work)[seed % len(Work)]]
            found = one_seed(stage, seed, model, outcome.kills)
        except RuntimeError as failure:
            outcome.wrong[seed] = str(failure)
        else:
            if found != model.books:
                outcome.wrong[seed] = f"expected {model.books}, found {found}"
        outcome.seeds += 1
        if outcome.seeds % 50 == 0:
            say(f"{outcome.seeds} seeds, {sum(outcome.kills.values())} kills, {len(outcome.wrong)} wrong")
    return outcome


@dataclass(frozen=True)
class Model:
    """The books after a run that nobody killed, the number of its steps, and how long it took [s]."""

    work: Work
    books: Books
    steps: int
    duration_s: float


def reference(stage: Stage, work: Work) -> Model:
    """Run one work without a kill."""
    stage.reset()
    reader, writer = os.pipe()
    begun = time.monotonic()
    status = _wait(_fork(stage, work, NEVER, writer))
    duration_s = time.monotonic() - begun
    os.close(writer)
    with os.fdopen(reader) as answer:
        steps = int(answer.read() or 0)
    books = stage.books()
    if status != 0 or books.states != CLOSED:
        raise RuntimeError(f"the run that nobody killed ended with {status}: {books}")
    return Model(work, books, steps, duration_s)


def one_seed(stage: Stage, seed: int, model: Model, kills: Counter[str]) -> Books:
    """Kill, run again, and read the books; RuntimeError when the last run does not come to its end."""
    draw = random.Random(seed)  # noqa: S311 - a seed repeats a trial
    stage.reset()
    for number in range(draw.randint(1, MAX_KILLS)):
        if number == 0 or draw.randrange(2):
            step = draw.randint(1, model.steps)
            status = _wait(_fork(stage, model.work, step))
            where = f"at a stored step, {'after' if step % 2 == 0 else 'before'} it takes effect"
        else:
            pid = _fork(stage, model.work, NEVER)
            time.sleep(draw.uniform(0, model.duration_s))
            os.kill(pid, signal.SIGKILL)
            status, where = _wait(pid), "at any instant"
        if status == -signal.SIGKILL:
            kills[where] += 1
        elif status != 0:
            raise RuntimeError(f"seed {seed}: a run ended with {status}")
    if status := _wait(_fork(stage, model.work, NEVER)):
        raise RuntimeError(f"seed {seed}: the last run ended with {status}")
    return stage.books()


def _fork(stage: Stage, work: Work, step: int, steps_to: int | None = None) -> int:
    """A process that settles and kills itself at a step; it writes how many it passed into `steps_to`."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        passed = _kill_at(step)
        stage.settle(work)
        if steps_to is not None:
            os.write(steps_to, str(len(passed)).encode())
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _wait(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _kill_at(step: int) -> list[int]:
    """Count each commit and each sending, before and after it takes effect; this process dies at number `step`."""
    passed: list[int] = []

    def point() -> None:
        passed.append(1)
        if len(passed) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    write, send_raw, send_raws = Database.write, ChainClient.send_raw, ChainClient.send_raws

    @contextmanager
    def counted_write(database: Database) -> Iterator[Any]:
        with write(database) as connection:
            yield connection
            point()
        point()

    def counted_send(client: ChainClient, raw: bytes) -> None:
        point()
        send_raw(client, raw)
        point()

    def counted_sends(client: ChainClient, raws: Sequence[bytes]) -> list[Any]:
        point()
        answers = [answer for raw in raws for answer in (send_raws(client, [raw]), point())[0]]
        point()
        return answers

    Database.write, ChainClient.send_raw, ChainClient.send_raws = counted_write, counted_send, counted_sends  # type: ignore[method-assign,assignment]
    return passed


def main() -> int:
    """Run the seeds asked for; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder))
        try:
            outcome = run_seeds(stage, range(options.first, options.first + options.seeds), print)
        finally:
            stage.close()
    print(*(" | ".join(row) for row in outcome.rows()), sep="\n")
    for seed, failure in outcome.wrong.items():
        print(f"seed {seed}: {failure}")
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
