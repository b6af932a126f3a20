"""`gettone rewards`: rewards computed from files alone, without database, chain or network."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cli.console import out
from gettone.engine import dense
from gettone.engine.json_files import read_model
from gettone.periods import parse_period
from gettone.rewards import engine
from gettone.rewards.document import canonical_document
from gettone.rewards.run import RewardRun, period_document
from oracle.reward_files.members import read_members
from oracle.reward_files.readings import FileInputs, read_community

rewards_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Rewards of a settlement period.")


class Netting(StrEnum):
    """Whether the devices of one connection point are netted per slot."""

    NONE = "none"
    POD = "pod"


class Engine(StrEnum):
    """Two engines with equal figures: `dense` is fast, `plain` is the reference."""

    DENSE = "dense"
    PLAIN = "plain"


ENGINES = {Engine.DENSE: dense.compute, Engine.PLAIN: engine.compute}


@rewards_app.callback()
def rewards() -> None:
    """Rewards of a settlement period."""


@rewards_app.command()
def compute(  # noqa: PLR0913 - one argument for each option of the command line
    *,
    readings: Annotated[Path, typer.Option(help="CSV (also .gz) or Parquet: device, timestamp_utc, ...")],
    members: Annotated[Path, typer.Option(help="CSV: member_id, device, from, to, contract_power_w, pod")],
    model: Annotated[Path, typer.Option(help="JSON of the reward model")],
    period: Annotated[str, typer.Option(help="2016-09, 2016-09-14, 2016-W37, or FROM/TO (TO exclusive)")],
    timezone: Annotated[str, typer.Option(help="IANA name; its midnights bound the days")] = "Europe/Rome",
    netting: Annotated[Netting, typer.Option(help="pod nets the devices of a connection point")] = Netting.NONE,
    carry_in: Annotated[int, typer.Option(help="units carried over by the pool of the period before")] = 0,
    fast: Annotated[Engine, typer.Option("--engine", help="equal figures; plain is the reference")] = Engine.DENSE,
    as_json: Annotated[bool, typer.Option("--json", help="one canonical JSON object on stdout")] = False,
) -> None:
    """Compute the rewards of one period from files; the same input gives the same bytes."""
    span = parse_period(period, timezone)
    rules = read_model(model)
    memberships = read_members(members, timezone)
    inputs = read_community(readings, memberships, rules, span, netting.value)
    run = ENGINES[fast](inputs.community, rules, span, carry_in_units=carry_in)
    if as_json:
        sys.stdout.buffer.write(canonical_document(run.to_document(inputs.rejected)) + b"\n")
        sys.stdout.buffer.flush()
    else:
        _print_table(run, inputs)


def _print_table(run: RewardRun, inputs: FileInputs) -> None:
    span = period_document(run.period)
    title = f"{run.model.kind}, {run.model.mode}: {span['from']} to {span['to']} ({span['timezone']})"
    table = Table("member", title=title)
    for column in ("withdrawn Wh", "injected Wh", "as consumer Wh", "as producer Wh"):
        table.add_column(column, justify="right")
    # An amount that is cut off would be read as another amount.
    table.add_column("reward units", justify="right", min_width=len(f"{run.total_units:,}"))
    for one in run.members:
        energies = (one.withdrawn_wh, one.injected_wh, one.shared_withdrawn_wh, one.shared_injected_wh)
        table.add_row(one.member_id, *(f"{energy:,}" for energy in energies), f"{one.reward_units:,}")
    table.add_section()
    totals = (run.withdrawn_wh, run.injected_wh)
    table.add_row("community", *(f"{energy:,}" for energy in totals), "", "", f"{run.total_units:,}")
    out.print(table)
    out.print(f"shared energy {run.shared_wh:,} Wh; carried over {run.carried_over_units:,} units")
    if inputs.rejected:
        out.print(f"{len(inputs.rejected)} readings rejected and treated as missing; --json lists them")
