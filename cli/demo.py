"""`gettone demo`: the whole chain on real meter data, told step by step."""

from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from cli.amounts import tokens
from cli.console import err, out, print_json
from cli.demo_stories import story_table
from oracle.demo.economy.tale import Story
from oracle.demo.proof import Checked
from oracle.demo.sample import ROOT
from oracle.demo.stage import REQUIRED_SIGNATURES, stop_chain
from oracle.demo.story import Month, Outcome, tell

FOLDER = ROOT / ".gettone" / "demo"


def demo(
    seed: Annotated[str, typer.Option("--seed", help="Public seed of ids and throw-away wallets.")] = "fontana",
    port: Annotated[int, typer.Option("--port", help="Port of the local chain; 0 takes a free one.")] = 0,
    folder: Annotated[Path, typer.Option("--folder", help="Where everything is kept.")] = FOLDER,
    once: Annotated[bool, typer.Option("--once", help="Stop the local chain at the end.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Stop the chain an earlier demo left running.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Settle two months of 17 real homes on a local chain, play the eight categories, verify a take-out."""
    if stop:
        out.print("stopped the chain of the demo" if stop_chain(folder) else "no chain of the demo is running")
        return
    try:
        outcome = tell(
            folder.resolve(), seed=seed, port=port, progress=lambda step: err.print(f"  {step}", markup=False)
        )
    except BaseException:
        stop_chain(folder)
        raise
    if once:
        stop_chain(folder)
    if as_json:
        print_json(_document(outcome))
        return
    for month in outcome.months:
        out.print(_table(outcome, month))
    for story in outcome.stories:
        out.print(story_table(story))
    _print_proof(outcome, running=not once)


def _table(outcome: Outcome, month: Month) -> Table:
    computed = month.settlement.computed
    table = Table(
        title=f"{month.month}, paid by model {month.paid.model.kind} (version {computed.model_version} on chain)",
        title_justify="left",
        show_footer=True,
        box=SIMPLE_HEAD,
        pad_edge=False,
    )
    totals = (
        *(f"{wh:,}" for wh in (month.paid.withdrawn_wh, month.paid.injected_wh, month.paid.shared_wh)),
        tokens(month.paid.total_units),
        tokens(sum(month.balances_units.values())),
        tokens(month.beside.total_units),
    )
    names = ("withdrawn\nWh", "injected\nWh", "shared\nWh", "reward\ntokens", "balance\non chain", "no_peaks\n(unpaid)")
    table.add_column("member", footer="total", no_wrap=True)
    for name, total in zip(names, totals, strict=True):
        table.add_column(name, footer=total, justify="right", no_wrap=True)
    homes = {home.member_id: home.name for home in outcome.homes}
    pairs = zip(month.paid.members, month.beside.members, strict=True)
    for paid, beside in sorted(pairs, key=lambda pair: homes[pair[0].member_id]):
        table.add_row(
            homes[paid.member_id],
            f"{paid.withdrawn_wh:,}",
            f"{paid.injected_wh:,}",
            f"{paid.shared_withdrawn_wh:,}",
            tokens(paid.reward_units),
            tokens(month.balances_units[paid.member_id]),
            tokens(beside.reward_units),
        )
    return table


def _print_proof(outcome: Outcome, *, running: bool) -> None:
    stage = outcome.stage
    lines = [
        "shared: what the member withdrew while the community injected, rounded down; the total is the community's",
        "no_peaks: what the third model would have paid for the same readings",
        f"take-out of {outcome.homes[0].name}: {_verdict(outcome.verified)}",
        f"copy with {outcome.changed}:",
        f"  {_verdict(outcome.refused)}, named: {_named(outcome.refused.report['differences'][0])}",
        "",
        f"files in {stage.folder}:",
        f"  {outcome.bundle.name}",
        f"  {outcome.forged.name}",
        "  verify.py, deployments/, gettone.sqlite, settings.env",
        f"each settlement was signed by {REQUIRED_SIGNATURES} of {len(stage.services.oracles)} oracles",
        "each settlement was run twice: the second run changed nothing",
        f"done in {outcome.seconds} s",
    ]
    if running:
        lines += [
            "",
            "the chain goes on running; check the take-out yourself, with nothing but Python:",
            "  " + " ".join(outcome.verified.command),
            "any command works on it, for example:",
            f"  GETTONE_CONFIG={stage.folder / 'settings.env'} .venv/bin/gettone settle status --community fontana",
            "stop it with: .venv/bin/gettone demo --stop",
        ]
    for line in lines:
        out.print(line, markup=False)


def _verdict(checked: Checked) -> str:
    return f"{checked.report['verdict']} (exit {checked.exit_status})"


def _named(difference: dict[str, object]) -> str:
    return f"settlement {difference['period']}, slot {difference['slot']}: found {difference['found']}"


def _document(outcome: Outcome) -> dict[str, object]:
    return {
        "months": [
            {
                "month": month.month,
                "result_digest": month.settlement.computed.result_digest,
                "withdrawn_wh": month.paid.withdrawn_wh,
                "injected_wh": month.paid.injected_wh,
                "shared_wh": month.paid.shared_wh,
                "total_units": str(month.paid.total_units),
                "balances_units": {home.name: str(month.balances_units[home.member_id]) for home in outcome.homes},
            }
            for month in outcome.months
        ],
        "stories": [_story(story) for story in outcome.stories],
        "takeout": str(outcome.bundle),
        "verified": outcome.verified.report,
        "forged": outcome.refused.report,
    }


def _story(story: Story) -> dict[str, object]:
    flows = [
        {"from": flow.giver, "to": flow.receiver, "units": str(flow.units), "for": flow.reason} for flow in story.flows
    ]
    return {
        "category": story.category,
        "title": story.title,
        "before_units": {name: str(units) for name, units in story.before_units.items()},
        "after_units": {name: str(units) for name, units in story.after_units.items()},
        "flows": flows,
    }
