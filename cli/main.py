"""Entry point of `gettone`: wires the commands together and turns refusals into exit statuses."""

import sys
import traceback

import click
import typer

from cli.config import config_app
from cli.console import err
from cli.contracts import contracts_app
from cli.database import db_app
from cli.demo import demo
from cli.gse import gse_app
from cli.readings import readings_app
from cli.rewards import rewards_app
from cli.settle import settle_app
from cli.takeout import takeout_app
from cli.verify import verify
from gettone.errors import GettoneError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Token economy and notarization for energy communities.",
)
app.add_typer(config_app, name="config")
app.add_typer(db_app, name="db")
app.add_typer(readings_app, name="readings")
app.add_typer(contracts_app, name="contracts")
app.add_typer(rewards_app, name="rewards")
app.add_typer(gse_app, name="gse")
app.add_typer(settle_app, name="settle")
app.add_typer(takeout_app, name="takeout")
app.command()(demo)
app.command()(verify)


def main() -> None:
    """Run the command line; every refusal is one sentence on stderr and its own exit status."""
    try:
        status = app(standalone_mode=False)
    except GettoneError as refusal:
        err.print(f"error [{refusal.code}]: {refusal.message}", markup=False)
        sys.exit(refusal.exit_status)
    except click.ClickException as usage:
        usage.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        err.print("stopped by the user; run the command again to go on where it stopped")
        sys.exit(130)
    except Exception:
        traceback.print_exc()
        err.print("error [internal]: this is a defect of gettone; please report it with the lines above")
        sys.exit(70)
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
