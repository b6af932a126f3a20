"""`gettone db retention`: delete what is older than its retention, after a dry run."""

from dataclasses import asdict
from typing import Annotated

import typer

from cli.clock import now_ms
from cli.console import out, print_json
from cli.settlement_context import open_vault
from gettone.db.schema import open_current
from gettone.settings import load_settings
from oracle.intake import open_lake
from oracle.quality.retention import apply_retention, plan_retention


def retention(
    apply: Annotated[bool, typer.Option("--apply", help="Delete; without it only say what would go.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Delete readings after 72 months, payloads, rejects and closed anomalies after 24, samples after 60 days."""
    settings = load_settings()
    with open_current(settings.url) as database:
        lake = open_lake(database, open_vault(settings), settings.lake_dir)
        job = apply_retention if apply else plan_retention
        report = job(database, lake, now_ms(settings) // 1000)
    if as_json:
        print_json(asdict(report) | {"applied": apply})
        return
    verb = "deleted" if apply else "would delete"
    for table, rows in sorted(report.rows.items()):
        out.print(f"{verb} {rows} rows of {table}", markup=False)
    out.print(f"{verb} {report.payloads} files of the lake", markup=False)
    if not apply:
        out.print("nothing was changed; run it with --apply", markup=False)
