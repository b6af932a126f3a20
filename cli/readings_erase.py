"""`gettone readings erase`: forget a member, by two persons."""

from dataclasses import asdict
from typing import Annotated

import typer

from cli.clock import now_ms
from cli.console import out, print_json
from cli.settlement_context import open_vault
from gettone.db.schema import open_current
from gettone.settings import load_settings
from oracle.intake import open_lake
from oracle.quality.erasure import Eraser


def erase(
    community: Annotated[str, typer.Option("--community", help="Id of the community.")],
    member: Annotated[str, typer.Option("--member", help="Pseudonym of the member, all 64 digits.")],
    by: Annotated[str, typer.Option("--by", help="Operator id of who decides, such as a.rossi.")],
    reason: Annotated[str, typer.Option("--reason", help="Who asked for it, for the second person.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Propose to erase a member; a second person runs it again, and then it cannot be taken back."""
    settings = load_settings()
    with open_current(settings.url) as database:
        vault = open_vault(settings)
        lake = open_lake(database, vault, settings.lake_dir)
        eraser = Eraser(database, vault, lake, settings.purge_list_file)
        outcome = eraser.erase(community, member, operator=by, reason=reason, now_ms=now_ms(settings))
    if as_json:
        print_json(asdict(outcome))
    elif outcome.leaf_index is None:
        out.print("proposed; another person runs the same command to erase the member", markup=False)
    else:
        rows = sum(outcome.rows.values())
        out.print(
            f"erased: {rows} rows and {outcome.payloads} files; tombstone is leaf {outcome.leaf_index}", markup=False
        )
