"""`gettone readings rejects`, `replay` and `dismiss`: what was refused, what waits, and giving up by two persons."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cli.clock import now_ms
from cli.console import out, print_json
from cli.settlement_context import open_vault, settlement_context
from gettone.db.repositories.batch_states import BatchStates
from gettone.db.schema import open_current
from gettone.errors import Conflict, InputError
from gettone.settings import load_settings
from oracle.anchor_ingest import anchor_ingest
from oracle.intake import Intake, open_intake
from oracle.intake_outcome import Outcome
from oracle.rejects import accept_rejects, correct_rejects, list_rejects
from oracle.replay import replay_into, run_again

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


def rejects(
    batch: Annotated[int | None, typer.Option("--batch", help="Number of the batch; all open ones without it.")] = None,
    accept: Annotated[str, typer.Option("--accept", help="Rows to leave refused for good, as 3,7.")] = "",
    as_json: AsJson = False,
) -> None:
    """List refused rows in clear, with the rule each broke; `--accept` closes some of a batch."""
    with _intake() as intake:
        if accept:
            closed = accept_rejects(intake, _required(batch, "--accept"), _rows(accept))
            out.print(f"{closed} rows stay refused", markup=False)
            return
        found = list_rejects(intake, batch)
    if as_json:
        print_json({"rejects": [asdict(one) for one in found]})
        return
    for one in found:
        out.print(f"batch {one.batch_id}, row {one.row}: {one.code} {one.field or ''} {one.text}", markup=False)
    out.print(f"{len(found)} refused rows", markup=False)


def replay(
    batch: Annotated[int | None, typer.Option("--batch", help="Only this parked, failed or dead batch.")] = None,
    corrected: Annotated[
        Path | None, typer.Option("--corrected", help="File with corrected rows of the batch, a batch of its own.")
    ] = None,
    rows: Annotated[str, typer.Option("--rows", help="The refused rows it mends, as 3,7; all without it.")] = "",
    into: Annotated[
        str | None, typer.Option("--into", help="URL of an empty, upgraded database: rebuild all readings there.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run parked, failed and dead batches again, merge corrected rows, or rebuild everything from what is stored."""
    at_ms = now_ms(load_settings())
    with _intake() as intake:
        if into is not None:
            _replay_into(intake, into, as_json)
            return
        if corrected is not None:
            number = _required(batch, "--corrected")
            mended = _rows(rows) if rows else None
            outcomes: tuple[Outcome, ...] = (correct_rejects(intake, number, corrected, rows=mended, now_ms=at_ms),)
        else:
            outcomes = run_again(intake, now_ms=at_ms, batch_ids=None if batch is None else [batch])
    if as_json:
        documents = [{"batch_id": one.batch_id, "state": one.state, "counters": one.counters} for one in outcomes]
        print_json({"batches": documents})
        return
    for one in outcomes:
        out.print(f"batch {one.batch_id}: {one.state}, {one.rows} rows", markup=False)
    out.print(f"{len(outcomes)} batches ran", markup=False)


def dismiss(
    batch: Annotated[int, typer.Argument(help="Number of a dead batch.")],
    person: Annotated[str, typer.Option("--by", help="Who decides.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it is given up; asked of the first person.")] = "",
) -> None:
    """Give up a dead batch: one person proposes with a reason, another one approves."""
    with open_current(load_settings().url) as database, database.write() as connection:
        states = BatchStates(connection)
        done = states.propose_dismissal(batch, person, reason) if reason else states.approve_dismissal(batch, person)
    if not done:
        raise Conflict(
            "batch_not_dismissed",
            f"batch {batch} is not dead, or waits for another person: the first gives a --reason, the second does not",
        )
    out.print(f"batch {batch}: {'proposed, another person approves' if reason else 'dismissed'}", markup=False)


def anchor(
    community: Annotated[str, typer.Option("--community", help="Id of the community whose ledger keeps the head.")],
    as_json: AsJson = False,
) -> None:
    """Write the head of the ingest log to the chain, so that no entry can be taken back unseen; run it daily."""
    with settlement_context(community, lambda _step: None) as context:
        head = anchor_ingest(context.database, context.contracts.ledger, context.sender)
    if as_json:
        print_json({"root": head.root.hex(), "size": head.size, "sent": head.sent})
        return
    verb = "anchored" if head.sent else "anchored already"
    out.print(f"{head.size} entries of the ingest log are {verb}", markup=False)


def _replay_into(intake: Intake, into: str, as_json: bool) -> None:
    with open_current(into) as target:
        count = replay_into(intake, target)
    if as_json:
        print_json({"replayed": count})
    else:
        out.print(f"{count} batches were replayed", markup=False)


@contextmanager
def _intake() -> Iterator[Intake]:
    settings = load_settings()
    vault = open_vault(settings)
    with open_current(settings.url) as database:
        yield open_intake(database, vault, settings.lake_dir)


def _required(batch: int | None, option: str) -> int:
    if batch is None:
        raise InputError("batch_required", f"{option} needs --batch, the number of the batch it is about")
    return batch


def _rows(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise InputError("rows_syntax", f"{text!r} is not a list of row numbers: write 3,7") from None
