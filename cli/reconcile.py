"""`gettone reconcile`: chain, index, settlements and outbox must say the same."""

import json
from typing import Annotated, Any

import typer

from cli.console import out, print_json
from cli.settlement_context import open_contracts
from gettone.db.schema import open_current
from gettone.metering.operators import parse_operator
from gettone.settings import load_settings
from oracle.index.context import IndexContext
from oracle.reconcile.job import reconcile as run_reconciliation


def reconcile(
    community: Annotated[str, typer.Option("--community", help="Id of the community.")],
    at_block: Annotated[
        int | None, typer.Option("--at-block", min=0, help="Block to compare at; that of the index if left out.")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="Operator id of who asks, kept with the report.")] = "command",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Compare chain events, index, balances, settlements, leaves and outbox; 1 with each difference."""
    settings, operator = load_settings(), parse_operator(by)
    contracts = open_contracts(settings, community)
    with open_current(settings.url) as database:
        row = run_reconciliation(IndexContext(database, contracts), community, started_by=operator, at_block=at_block)
    document = json.loads(row.report)
    if as_json:
        print_json(document)
    else:
        _print(document)
    if row.differences:
        raise typer.Exit(1)


def _print(document: dict[str, Any]) -> None:
    checked, totals = document["checked"], document["totals_units"]
    for one in document["differences"]:
        out.print(
            f"{one['kind']}: {one['what']} should be {one['expected']} and is {one['found']} ({one['where']})",
            markup=False,
        )
    hidden = document["difference_count"] - len(document["differences"])
    if hidden:
        out.print(f"and {hidden} more of these kinds: {document['counts']}", markup=False)
    result = f"{document['difference_count']} differences" if document["difference_count"] else "everything agrees"
    out.print(
        f"{document['community']} at block {document['block_number']}: {result} "
        f"({checked['events']} events, {checked['balances']} balances, {checked['settlements']} settlements, "
        f"{checked['transactions']} transactions; supply {totals['supply']} = paid {totals['paid']} "
        f"+ issued {totals['issued']} - burned {totals['burned']})",
        markup=False,
    )
