"""`gettone worker`: the process that runs the jobs that are due, and how they stand."""

import logging
import signal
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from cli.clock import clock_of
from cli.console import out, print_json
from cli.realm import realm_of
from cli.settlement_context import open_contracts, open_sender, settlement_context
from cli.signing_keys import oracle_signers, role_signer
from gettone.db.repositories.job_runs import RunKey, RunState
from gettone.db.schema import open_current
from gettone.errors import CheckFailed, InputError
from gettone.settings import load_settings
from oracle.worker.job import Job, Workplace
from oracle.worker.registry import JOBS, job_named, schedules
from oracle.worker.runner import Outcome, Runner, open_runner
from oracle.worker.scheduler import Scheduler, keys_of, require_free, run_now
from oracle.worker.status import worker_status
from oracle.worker.words import LANGUAGES, state_words, title

worker_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Run the jobs of an installation.")

THREADS = 4

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
JobName = Annotated[str | None, typer.Argument(help="Only this job: " + ", ".join(one.name for one in JOBS))]


@worker_app.command()
def run(
    job: JobName = None,
    once: Annotated[bool, typer.Option("--once", help="With JOB run it now, else what is due, then end.")] = False,
    community: Annotated[str | None, typer.Option("--community", help="With JOB and --once: this one only.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run jobs when they are due, until the process is asked to end; a job already running elsewhere is left to it."""
    chosen = JOBS if job is None else (job_named(job),)
    if community is not None and (job is None or not once):
        raise InputError("worker_usage", "--community narrows one run: name the JOB and add --once")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with _runner() as runner:
        if not once:
            _serve(runner, chosen)
        elif job is None:
            scheduler = Scheduler(runner, chosen, schedules(runner.place.settings), lambda work: work())
            scheduler.tick()
            _report(scheduler.outcomes, as_json)
        else:
            _report(run_now(runner, chosen[0], community), as_json)


@worker_app.command()
def status(
    lang: Annotated[str, typer.Option("--lang", help="en or it.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Each job with its schedule, its last run, and when it is due next."""
    if lang not in LANGUAGES:
        raise InputError("language", f"language {lang!r} is not one of {', '.join(LANGUAGES)}")
    with _workplace() as place:
        found = worker_status(place, schedules(place.settings), _now_ms())
    if as_json:
        print_json({"jobs": [one.to_document() for one in found]})
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("job", "community", "schedule", "state", "what"):
        table.add_column(name)
    for one in found:
        schedule = "off" if one.schedule is None else str(one.schedule)
        table.add_row(one.key.job, one.key.community or "-", schedule, state_words(one, lang), title(one.key.job, lang))
    out.print(table)


def _serve(runner: Runner, jobs: tuple[Job, ...]) -> None:
    """Until SIGTERM or SIGINT: then nothing new starts, and what runs ends or stops at its next step."""
    if len(jobs) == 1:
        require_free(runner, [key for _, key in keys_of(runner.place, jobs)])
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_more: runner.stop.set())
    with ThreadPoolExecutor(THREADS, thread_name_prefix="job") as pool:
        Scheduler(runner, jobs, schedules(runner.place.settings), pool.submit).serve(runner.stop)


@contextmanager
def _runner() -> Iterator[Runner]:
    """Who runs jobs in this process."""
    with _workplace() as place, open_runner(place, _now_ms) as runner:
        yield runner


@contextmanager
def _workplace() -> Iterator[Workplace]:
    settings = load_settings()
    # Opening a keystore takes a second and may ask a person: once for the life of the process.
    keys = cache(lambda: oracle_signers(settings))
    open_settlement = partial(settlement_context, signers=lambda _: keys())
    with open_current(settings.url) as database:
        contracts = partial(open_contracts, settings)
        signer = cache(partial(role_signer, settings))
        sender = partial(open_sender, settings, database)
        yield Workplace(
            settings,
            database,
            clock_of(settings),
            open_settlement,
            contracts,
            JOBS,
            signer=signer,
            sender=sender,
            realm=partial(realm_of, settings),
        )


def _report(outcomes: Mapping[RunKey, Outcome], as_json: bool) -> None:
    """Say how the runs ended; of several that failed the first decides the exit status."""
    if as_json:
        print_json({"runs": [_document(key, one) for key, one in outcomes.items()]})
    else:
        for key, one in outcomes.items():
            counts = " ".join(f"{name} {count}" for name, count in one.summary.items())
            out.print(" ".join(filter(None, (*key, one.state.value, one.code, counts))), markup=False)
    for key, one in outcomes.items():
        if one.refusal is not None:
            raise one.refusal
        if one.state is RunState.FAILED:
            raise CheckFailed("job_failed", f"job {key.job} failed by a defect of gettone: its lines are in the log")


def _document(key: RunKey, outcome: Outcome) -> dict[str, object]:
    summary = dict(outcome.summary)
    return key._asdict() | {"state": outcome.state.value, "code": outcome.code, "summary": summary}


def _now_ms() -> int:
    """The time of leases and schedules: that of this machine, also where the chain's clock was moved."""
    return time.time_ns() // 1_000_000
