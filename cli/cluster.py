"""`gettone cluster`: groups of load curves that look alike, for people to see; none of it earns."""

from pathlib import Path
from typing import Annotated

import typer

from cli.clock import now_ms
from cli.console import err, out, print_json
from gettone.clustering.grouping import Distance, Normalisation
from gettone.db.repositories.clusters import Clusters
from gettone.db.repositories.communities import Communities
from gettone.db.schema import open_current
from gettone.settings import load_settings
from oracle.clustering.drawn import draw_shown
from oracle.clustering.request import By, Mode, Request
from oracle.clustering.run import run_clustering
from oracle.clustering.shown import Audience, Shown, shown_to
from oracle.indicators.words import Language

cluster_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Group load curves that look alike.")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
Community = Annotated[str, typer.Option("--community", help="Slug of the community.")]


@cluster_app.command()
def run(
    community: Community,
    period: Annotated[str, typer.Option("--period", help="2016-09, 2016-W37, or FROM/TO; at least 14 days.")],
    mode: Annotated[Mode, typer.Option("--mode", help="Curves of members, of devices, or of days.")] = Mode.USERS,
    by: Annotated[By, typer.Option("--by", help="Groups by shape, or known beforehand.")] = By.SHAPE,
    normalisation: Annotated[
        Normalisation, typer.Option("--normalisation", help="Compare shapes (mean, max) or levels (none).")
    ] = Normalisation.MEAN,
    distance: Annotated[Distance, typer.Option("--distance", help="l2, or l1.")] = Distance.L2,
    member: Annotated[str | None, typer.Option("--member", help="With --mode days: the first digits of one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Group the load curves of a period and store the groups; the same readings again add nothing."""
    request = Request(community, period, mode, by, normalisation, distance, member)
    settings = load_settings()
    with open_current(settings.url) as database:
        group, outcome = run_clustering(
            database,
            request,
            now_ms=now_ms(settings),
            progress=lambda step: err.print(f"  {step}", markup=False),
        )
    _print(shown_to(group, Audience.ADMIN), "en", as_json)
    for name, reason in outcome.left_out:
        err.print(f"left out: {name[:12]} ({reason})", markup=False)


@cluster_app.command("list")
def list_groups(community: Community, as_json: AsJson = False) -> None:
    """The groupings of a community, newest first."""
    with open_current(load_settings().url) as database, database.read() as connection:
        groups = Clusters(connection).all(Communities(connection).get(community).community_id)
    if as_json:
        print_json({"groups": [_summary(shown_to(one, Audience.ADMIN)) for one in groups]})
        return
    for one in groups:
        state = "stable" if one.stable else "unstable"
        out.print(f"{one.group_id}  {one.description}: {one.result['k']} groups, {state}", markup=False)


@cluster_app.command()
def show(
    group_id: Annotated[int, typer.Argument(help="Number of the grouping, as `gettone cluster list` shows it.")],
    audience: Annotated[Audience, typer.Option("--for", help="What admins see, or members.")] = Audience.ADMIN,
    language: Annotated[Language, typer.Option("--language", help="Language of texts and picture.")] = Language.EN,
    svg: Annotated[Path | None, typer.Option("--svg", help="Also write the curves as a picture.")] = None,
    as_json: AsJson = False,
) -> None:
    """The groups of one grouping, with what is said of them; exit 6 where members may not see it."""
    with open_current(load_settings().url) as database, database.read() as connection:
        shown = shown_to(Clusters(connection).get(group_id), audience)
        communities = {one.community_id: one.name or one.slug for one in Communities(connection).all()}
    if svg is not None:
        svg.write_text(draw_shown(shown, communities[shown.group.community_id], language), encoding="utf-8")
    _print(shown, language.value, as_json)


def _summary(shown: Shown) -> dict[str, object]:
    document = shown.to_document()
    return {name: document[name] for name in ("group_id", "name", "config", "stable", "index_micro", "left_out")}


def _print(shown: Shown, language: str, as_json: bool) -> None:
    if as_json:
        print_json(shown.to_document())
    else:
        out.print(f"{shown.group.group_id}  {shown.group.description}", markup=False)
        for one in shown.clusters:
            mean_w = sum(one.curves["cluster_mean"]) // len(one.curves["cluster_mean"])
            words = f"{shown.text(one, language)}, mean {mean_w:,} W"
            out.print(f"  {one.label}: {shown.size(one)} curves, {words}", markup=False)
    if shown.warning is not None:
        err.print(f"warning: {shown.warning}", markup=False)
