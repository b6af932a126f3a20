"""`gettone indexer run`: keep the events of a community's contracts in the database."""

import signal
from dataclasses import asdict
from threading import Event
from typing import Annotated

import typer

from cli.console import err, out, print_json
from cli.settlement_context import open_contracts
from gettone.db.schema import open_current
from gettone.settings import load_settings
from oracle.index.context import IndexContext
from oracle.index.job import IndexReport, follow_chain, forget_index, run_index

indexer_app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Keep the events and balances of the chain in the database."
)


@indexer_app.callback()
def indexer() -> None:
    """Keep the events and balances of the chain in the database."""


@indexer_app.command()
def run(
    community: Annotated[str, typer.Option("--community", help="Id of the community.")],
    once: Annotated[bool, typer.Option("--once", help="End at the head of the chain instead of following it.")] = False,
    anew: Annotated[
        bool, typer.Option("--anew", help="Forget the index first and read the chain from the start.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Index all events up to the head, then follow the chain until interrupted."""
    settings = load_settings()
    contracts = open_contracts(settings, community)
    with open_current(settings.url) as database:
        context = IndexContext(database, contracts)
        if anew:
            forget_index(context, community)
        if once:
            report = run_index(context, community)
        else:
            report = follow_chain(context, community, _stop_on_signals(), _progress)
    if as_json:
        print_json({"community": community, **asdict(report)})
        return
    out.print(f"the index of {community} is at {_words(report)}", markup=False)


def _stop_on_signals() -> Event:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_more: stop.set())
    return stop


def _progress(report: IndexReport) -> None:
    err.print(f"  {_words(report)}", markup=False)


def _words(report: IndexReport) -> str:
    unknown = f", {report.unknown_count} of them unknown" if report.unknown_count else ""
    return f"block {report.block_number} with {report.event_count} events{unknown}; {report.events} are new"
