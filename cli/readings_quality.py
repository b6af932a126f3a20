"""`gettone readings quality`: what is there, what is missing, and what waits for a person."""

import csv
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from cli.console import out, print_json
from gettone.db.columns import SLOT_S
from gettone.db.schema import open_current
from gettone.metering.codes import Code
from gettone.metering.quality_words import COLUMNS, direction_in_words, finding_in_words
from gettone.periods import utc_text
from gettone.settings import load_settings
from gettone.types import Direction
from oracle.quality.report import QualityLine, QualityReport, report_quality


class Form(StrEnum):
    """How a report is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Language(StrEnum):
    """Language of columns and findings."""

    EN = "en"
    IT = "it"


def quality(
    community: Annotated[str, typer.Option("--community", help="Id of the community.")],
    period: Annotated[str, typer.Option("--period", help="2016-09, 2016-W37, 2016-09-14 or FROM/TO.")],
    member: Annotated[str | None, typer.Option("--member", help="Pseudonym of one member, or its start.")] = None,
    channel: Annotated[int | None, typer.Option("--channel", help="Number of one channel.")] = None,
    form: Annotated[Form, typer.Option("--format", help="How the report is written.")] = Form.TABLE,
    lang: Annotated[Language, typer.Option("--lang", help="Language of the words.")] = Language.EN,
) -> None:
    """Show coverage, gaps, anomalies and quarantine of each channel of a community over a period."""
    with open_current(load_settings().url) as database, database.read() as connection:
        report = report_quality(connection, community, period, member=member, channel_id=channel)
    if form is Form.JSON:
        print_json(report.to_document())
    elif form is Form.CSV:
        _write_csv(report, lang)
    else:
        _print_table(report, lang)


def _write_csv(report: QualityReport, lang: Language) -> None:
    """Machine names as columns, so that a program reads both languages; words only in the values."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS[lang])
    for line in report.lines:
        writer.writerow([_cell(line, name, lang) for name in COLUMNS[lang]])


def _print_table(report: QualityReport, lang: Language) -> None:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title in COLUMNS[lang].values():
        table.add_column(title)
    for line in report.lines:
        table.add_row(*(str(_cell(line, name, lang))[: 8 if name == "member_id" else None] for name in COLUMNS[lang]))
    out.print(table)
    for waiting in report.waiting:
        conflict = waiting.state == "conflict"
        why = finding_in_words(Code.D_CONFLICT, lang) if conflict else COLUMNS[lang]["quarantined"]
        when = utc_text(waiting.slot * SLOT_S)
        out.print(f"{waiting.channel_id} {when} v{waiting.version}: {waiting.wh} Wh, {why}", markup=False)
    for one in report.flow_anomalies:
        out.print(f"flow {one.flow_id}: {finding_in_words(one.code, lang)}", markup=False)


def _cell(line: QualityLine, name: str, lang: Language) -> Any:
    value = getattr(line, name)
    if name == "direction":
        return direction_in_words(Direction(value), lang)
    if name == "anomalies":
        return "; ".join(f"{finding_in_words(code, lang)} ({count})" for code, count in value.items())
    return value
