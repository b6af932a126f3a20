"""`gettone generate`: communities that nobody lives in, for demonstrations, tests and trials."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.console import err, out, print_json
from gettone.errors import InputError
from gettone.generator.community import Plan
from gettone.generator.faults.catalogue import generate_faults
from gettone.generator.files.block import Source
from gettone.generator.files.sources import SOURCES
from gettone.generator.generation import Written, generate_community
from gettone.generator.seeding import SeedMode
from oracle.generate_like import generate_like

generate_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Generate communities and faults.")


@generate_app.callback()
def _group() -> None:
    """Generate communities and faults; all of it is of source class 7 and earns in demonstrations only."""


@generate_app.command()
def community(
    out_folder: Annotated[Path, typer.Option("--out", help="Folder for the files; it must be new or empty.")],
    homes: Annotated[int, typer.Option("--homes", help="Number of homes.")] = 20,
    days: Annotated[int, typer.Option("--days", help="Number of local days.")] = 28,
    seed: Annotated[str, typer.Option("--seed", help="The same seed gives the same bytes everywhere.")] = "demo-1",
    first: Annotated[str, typer.Option("--from", help="First local day.")] = "2026-03-01",
    slug: Annotated[str, typer.Option("--slug", help="Name of the community.")] = "generated",
    only: Annotated[
        list[str] | None, typer.Option("--source", help="Write only this kind of file; may be given several times.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Write registry, contracts and readings of a generated community, in a file for every kind of source."""
    plan = Plan(homes, _date(first), days, seed, slug)
    written = generate_community(plan, out_folder, _chosen(only), lambda step: err.print(f"  {step}", markup=False))
    _print(out_folder, written, as_json)


@generate_app.command()
def like(
    measured: Annotated[Path, typer.Argument(help="Measured series in the built-in profile, CSV or Parquet.")],
    out_file: Annotated[Path, typer.Option("--out", help="CSV file to write.")],
    seed: Annotated[str, typer.Option("--seed", help="The same seed gives the same bytes everywhere.")] = "demo-1",
    copies: Annotated[int, typer.Option("--copies", help="Series to make of each measured one.")] = 1,
    points_per_day: Annotated[int, typer.Option("--points-per-day", help="Points with a factor of their own.")] = 6,
    spread_permille: Annotated[int, typer.Option("--spread-permille", help="Factors are 1000 +- this.")] = 300,
    keep_energy: Annotated[bool, typer.Option("--keep-energy", help="Each local day keeps its energy.")] = False,
    timezone: Annotated[str, typer.Option("--tz", help="Time zone of the days.")] = "Europe/Rome",
) -> None:
    """Write series like measured ones: some slots get a factor each, linear in between."""
    made = generate_like(
        measured,
        out_file,
        seed=seed,
        copies=copies,
        timezone=timezone,
        mode=SeedMode(points_per_day, spread_permille, keep_energy),
        progress=lambda step: err.print(f"  {step}", markup=False),
    )
    out.print(f"{out_file}: {made} series", markup=False)


@generate_app.command()
def faults(
    out_folder: Annotated[Path, typer.Option("--out", help="Folder for the files; it must be new or empty.")],
    only: Annotated[
        list[str] | None, typer.Option("--fault", help="Write only this fault; may be given several times.")
    ] = None,
    seed: Annotated[str, typer.Option("--seed", help="The same seed gives the same bytes everywhere.")] = "demo-1",
    first: Annotated[str, typer.Option("--from", help="First local day.")] = "2026-03-02",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Write files with one known fault each, and a truth file that says which rule must find it."""
    made = generate_faults(
        out_folder,
        only or (),
        seed=seed,
        first=_date(first),
        progress=lambda step: err.print(f"  {step}", markup=False),
    )
    if as_json:
        print_json({"folder": str(out_folder), "faults": list(made)})
    else:
        out.print(f"{out_folder}: {len(made)} faults; next: gettone db load-registry {out_folder / 'registry.toml'}")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("date_syntax", f"{text!r} is no date: write 2026-03-01") from None


def _chosen(names: list[str] | None) -> tuple[Source, ...]:
    known = {one.name: one for one in SOURCES}
    for name in names or ():
        if name not in known:
            raise InputError("source_unknown", f"there is no source {name!r}: use {', '.join(known)}")
    return tuple(known[name] for name in names) if names else SOURCES


def _print(folder: Path, written: tuple[Written, ...], as_json: bool) -> None:
    if as_json:
        files = [{"file": one.file, "flow": one.flow, "values": one.values, "wh": one.wh} for one in written]
        print_json({"folder": str(folder), "files": files})
        return
    for one in written:
        out.print(f"{folder / one.file}: flow {one.flow}, {one.values:,} values, {one.wh:,} Wh", markup=False)
    out.print(f"next: gettone db load-registry {folder / 'registry.toml'}", markup=False)
