"""`gettone kpi`: indicators and dashboards of a community or of one of its members."""

from datetime import date
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from cli.console import out, print_json
from cli.settlement_context import open_vault
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.db.schema import open_current
from gettone.errors import InputError
from gettone.metering.calendar.slots import Resolution
from gettone.metering.indicators.comparison import DateRange
from gettone.settings import load_settings
from gettone.vault import Vault
from oracle.indicators.asking import Asking
from oracle.indicators.dashboard import dashboard
from oracle.indicators.query import IndicatorQuery
from oracle.indicators.summary import series, summary
from oracle.indicators.viewer import Role, Viewer
from oracle.indicators.widget import Widget
from oracle.indicators.wording import widget_header, widget_notes, widget_rows
from oracle.indicators.words import Language, title


def kpi(  # noqa: PLR0913, PLR0917 - each option of the command is an argument
    community: Annotated[str, typer.Option("--community", help="Id of the community.")],
    first: Annotated[str, typer.Option("--from", help="First local date, as 2016-09-01.")],
    end: Annotated[str, typer.Option("--to", help="The local date after the last one.")],
    member: Annotated[
        str | None, typer.Option("--member", help="First digits of a member's id, or the wallet; else the community.")
    ] = None,
    resolution: Annotated[
        Resolution, typer.Option("--resolution", help="One row for each of these; whole: all indicators at once.")
    ] = Resolution.WHOLE,
    level: Annotated[
        int | None, typer.Option("--level", min=1, max=2, help="A dashboard instead: 1 essential, 2 detail.")
    ] = None,
    viewer: Annotated[
        Role | None, typer.Option("--viewer", help="Who looks: member (default with --member), admin, auditor, public.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV on stdout; tables follow each other by name.")] = False,
    lang: Annotated[Language, typer.Option("--lang", help="Language of the tables.")] = Language.EN,
) -> None:
    """Print the energy indicators of local dates, with coverage and measured part beside them.

    Totals of slots, hours and days of a community in which fewer than eight members stand behind a total are shown to
    auditors, and to others while every member behind it consents; months are shown to all members.
    """
    settings = load_settings()
    # Only the map of level 1 opens what is sealed, and says so where there is no key.
    vault = open_vault(settings) if level == 1 and settings.kek_file is not None else None
    with open_current(settings.url) as database:
        asking = _asking(database, community, _dates(first, end), member, viewer, vault)
        if level is not None:
            widgets = dashboard(asking, level)
        elif resolution is Resolution.WHOLE:
            widgets = (summary(asking),)
        else:
            widgets = (series(asking, resolution),)
    if as_json:
        print_json(_document(asking, widgets))
    elif as_csv:
        _print_csv(widgets)
    else:
        for widget in widgets:
            _print(widget, lang)


def _asking(
    database: Database, community: str, asked: DateRange, member: str | None, viewer: Role | None, vault: Vault | None
) -> Asking:
    query = IndicatorQuery(database, community)
    if member is None:
        return Asking(database, query, Viewer(viewer or Role.ADMIN), asked, vault=vault)
    with database.read() as connection:
        found = Communities(connection).member(query.registry.community.community_id, member)
    return Asking(database, query, Viewer(viewer or Role.MEMBER, found.member_id), asked, found.member_id, vault)


def _dates(first: str, end: str) -> DateRange:
    try:
        asked = DateRange(date.fromisoformat(first), date.fromisoformat(end))
    except ValueError:
        raise InputError(
            "date_syntax", f"--from {first!r} --to {end!r}: write two dates such as 2016-09-01 and 2016-10-01"
        ) from None
    if asked.days < 1:
        raise InputError("period_empty", f"--to {end} must lie after --from {first}: the second date is not included")
    return asked


def _document(asking: Asking, widgets: tuple[Widget, ...]) -> dict[str, object]:
    return {
        "schema": "gettone.kpi/1",
        "community": asking.query.registry.community.slug,
        "timezone": asking.query.registry.community.tz,
        "member_id": asking.member_id,
        "from": asking.asked.first.isoformat(),
        "to": asking.asked.end.isoformat(),
        "widgets": [widget.to_document() for widget in widgets],
    }


def _print_csv(widgets: tuple[Widget, ...]) -> None:
    for number, widget in enumerate(widgets):
        if len(widgets) > 1:
            typer.echo(f"{'' if number == 0 else chr(10)}# {widget.key}")
        typer.echo(widget.to_csv(), nl=False)


def _print(widget: Widget, language: Language) -> None:
    out.print(f"[bold]{title(widget.key, language)}[/bold]")
    if widget.rows:
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for number, name in enumerate(widget_header(widget, language)):
            table.add_column(name, no_wrap=True, justify="left" if number == 0 else "right")
        for row in widget_rows(widget, language):
            table.add_row(*row)
        out.print(table)
    for note in widget_notes(widget, language):
        out.print(note, markup=False)
    out.print()
