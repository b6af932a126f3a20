"""The database lost under the outbox and under a settlement: at every statement, locked, or its server crashed.

Each part of a run is repeated until it comes to its end, as a timer does it; then chain and database must hold every
effect once.
"""

import contextlib
import random
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event

from gettone.chain.transactions import Sender
from gettone.db import schema
from gettone.db.engine import Database
from gettone.db.repositories.transactions import DatabaseTransactionStore
from gettone.errors import GettoneError
from scripts.reliability.outbox import Result, Stage, stage
from scripts.reliability.settlement_kills import reference
from scripts.reliability.settlement_stage import Stage as SettlementStage
from scripts.reliability.settlement_stage import Work
from tests.factories.community import throwaway_account
from tests.factories.counting_contract import HASTY, counts, effects
from tests.factories.database_faults import COMMIT, crash_at, cut_at, until_sent
from tests.factories.postgres_cluster import private_cluster

SEEDS = 800
EFFECTS = 4
CUTS_MAX = 3
LOCKS = 60
HELD_MS_MAX = 120
BUSY_MS = 40
CRASHES = 60
CRASH_EFFECTS = 6


def database_faults() -> Result:
    """Everything that may happen to the database, one after the other."""
    parts = [_lost_in_a_send("sqlite"), _lost_in_a_send("postgresql"), _lost_in_a_settlement(), _locked(), _crashed()]
    return [row for rows, _ in parts for row in rows], all(passed for _, passed in parts)


def _lost_in_a_send(kind: str) -> Result:
    lost = doubled = gaps = cuts = 0
    with stage() as place, database_of(kind) as database:
        store = DatabaseTransactionStore(database, place.client.genesis_hash)
        with cut_at(database, None) as counted:
            _send(place, store, "whole", [f"whole {number}" for number in range(EFFECTS)])
        for seed in range(SEEDS):
            draw = random.Random(seed)  # noqa: S311 - a seed repeats a trial
            names = [f"{seed}/{number}" for number in range(EFFECTS)]
            for _ in range(draw.randint(1, CUTS_MAX)):
                at, after = draw.randint(1, len(counted.statements)), bool(draw.randrange(2))
                with cut_at(database, at, after=after) as cut, contextlib.suppress(GettoneError):
                    _send(place, store, f"key {seed}", names)
                cuts += len(cut.cuts)
            _send(place, store, f"key {seed}", names)
            found = counts(place.client, place.counter, names)
            lost, doubled = lost + found.count(0), doubled + sum(one > 1 for one in found)
            gaps += place.client.nonce(throwaway_account(f"key {seed}").address) != EFFECTS
    said = f"{SEEDS * EFFECTS:,} effects: {lost} lost, {doubled} double; nonces left out {gaps}"
    return [[f"connection lost in a send ({kind})", f"{cuts:,} times", said]], lost == doubled == gaps == 0


def _send(place: Stage, store: DatabaseTransactionStore, key: str, names: list[str]) -> None:
    Sender(place.client, throwaway_account(key), store, HASTY).send_all(effects(place.counter, names))


@contextmanager
def database_of(kind: str) -> Iterator[Database]:
    """A fresh database of a kind."""
    folder = Path(tempfile.mkdtemp(prefix="gettone-db-"))
    folder.chmod(0o755)
    try:
        if kind == "sqlite":
            url = f"sqlite:///{folder}/faults.sqlite"
            schema.upgrade(url)
            database = Database(url)
            yield database
            database.close()
            return
        with private_cluster(folder, outlives_crashes=True) as url:
            schema.upgrade(url)
            database = Database(url)
            yield database
            database.close()
    finally:
        shutil.rmtree(folder)


def _lost_in_a_settlement() -> Result:
    """At each statement of a correction: before it, and after it where it is a commit."""
    cuts = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        place = SettlementStage(Path(folder))
        try:
            model = reference(place, Work.REVISION)
            place.reset()
            for at, after in _places(place):
                place.reset()
                with (
                    place.opened() as context,
                    cut_at(context.database, at, after=after) as cut,
                    contextlib.suppress(GettoneError),
                ):
                    place.work(context, Work.REVISION)
                place.settle(Work.REVISION)
                cuts, wrong = cuts + len(cut.cuts), wrong + (place.books() != model.books)
        finally:
            place.close()
    said = f"{wrong} settlements with payments lost or made twice"
    return [["connection lost at each statement of a settlement", f"{cuts:,} times", said]], wrong == 0


def _places(place: SettlementStage) -> list[tuple[int, bool]]:
    with place.opened() as context, cut_at(context.database, None) as counted:
        place.work(context, Work.REVISION)
    places = [(at, False) for at, _ in enumerate(counted.statements, 1)]
    return places + [(at, True) for at, statement in enumerate(counted.statements, 1) if statement == COMMIT]


def _locked() -> Result:
    """Another program takes the write lock again and again, for longer than this one waits."""
    refused = lost = doubled = 0
    with stage() as place:
        event.listen(place.database.engine, "connect", lambda one, _: one.execute(f"PRAGMA busy_timeout={BUSY_MS}"))
        ended = threading.Event()
        other = threading.Thread(target=_hold_again_and_again, args=(place.url, ended))
        other.start()
        try:
            for number in range(LOCKS):
                names = [f"lock {number} {one}" for one in range(EFFECTS)]
                sender = Sender(place.client, throwaway_account(f"lock {number}"), place.store, HASTY)
                refused += until_sent(sender, effects(place.counter, names))
                found = counts(place.client, place.counter, names)
                lost, doubled = lost + found.count(0), doubled + sum(one > 1 for one in found)
        finally:
            ended.set()
            other.join()
    said = f"{LOCKS * EFFECTS:,} effects: {lost} lost, {doubled} double"
    rows = [["SQLite locked by another program", f"{refused:,} refusals", said]]
    return rows, lost == doubled == 0 < refused


def _hold_again_and_again(url: str, ended: threading.Event) -> None:
    draw, database = random.Random(1), Database(url)  # noqa: S311 - the same rhythm in every run
    while not ended.wait(draw.uniform(0, 0.02)):
        with database.write():
            ended.wait(draw.uniform(0, HELD_MS_MAX / 1000))
    database.close()


def _crashed() -> Result:
    """The server ends all sessions, recovers from its log and starts again, in the middle of a send."""
    crashes = wrong = 0
    with stage() as place, database_of("postgresql") as database:
        store = DatabaseTransactionStore(database, place.client.genesis_hash)
        for number in range(CRASHES):
            names, key = [f"crash {number} {one}" for one in range(CRASH_EFFECTS)], throwaway_account(f"crash {number}")
            at = random.Random(number).randint(1, 40)  # noqa: S311 - a seed repeats a trial
            with crash_at(database, at) as ended:
                until_sent(Sender(place.client, key, store, HASTY), effects(place.counter, names))
            crashes += len(ended)
            wrong += counts(place.client, place.counter, names) != [1] * CRASH_EFFECTS
            wrong += place.client.nonce(key.address) != CRASH_EFFECTS
    said = f"{CRASHES * CRASH_EFFECTS:,} effects, each once: {wrong} wrong"
    return [["PostgreSQL crashed and restarted in a send", f"{crashes} times", said]], wrong == 0 < crashes
