"""Entry point of `gettone`: finds the command, and turns refusals into exit statuses."""

import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cli.console import err
from gettone.errors import GettoneError

# Each command with the module and name of its typer application, or of its function.
COMMANDS = {
    "demo": ("cli.demo", "demo"),
    "config": ("cli.config", "config_app"),
    "db": ("cli.database", "db_app"),
    "generate": ("cli.generate", "generate_app"),
    "readings": ("cli.readings", "readings_app"),
    "backup": ("cli.backup", "backup_app"),
    "cluster": ("cli.cluster", "cluster_app"),
    "prices": ("cli.prices", "prices_app"),
    "weather": ("cli.prices", "weather_app"),
    "urban-dataset": ("cli.datasets", "datasets_app"),
    "source": ("cli.source", "source_app"),
    "rewards": ("cli.rewards", "rewards_app"),
    "kpi": ("cli.kpi", "kpi"),
    "consent": ("cli.consent", "consent"),
    "gse": ("cli.gse", "gse_app"),
    "contracts": ("cli.contracts", "contracts_app"),
    "keys": ("cli.keys", "keys_app"),
    "settle": ("cli.settle", "settle_app"),
    "indexer": ("cli.indexer", "indexer_app"),
    "worker": ("cli.worker", "worker_app"),
    "reconcile": ("cli.reconcile", "reconcile"),
    "takeout": ("cli.takeout", "takeout_app"),
    "verify": ("cli.verify", "verify"),
    "audit": ("cli.audit", "audit_app"),
    "api": ("cli.api", "api_app"),
    "idp": ("cli.idp", "idp_app"),
}


class LazyGroup(TyperGroup):
    """Imports a command when it is asked for: chain, database and arrays together take seconds to load."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The commands in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, imported now; None for an unknown one."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        found = getattr(import_module(module), name)
        if not isinstance(found, typer.Typer):
            single = typer.Typer(add_completion=False)
            single.command(cmd_name)(found)
            found = single
        command = typer.main.get_command(found)
        command.name = cmd_name
        return command


app = typer.Typer(cls=LazyGroup, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def gettone(
    config: Annotated[Path | None, typer.Option("--config", help="Settings file, as GETTONE_CONFIG names one.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress; refusals are still said.")] = False,
) -> None:
    """Token economy and notarization for energy communities."""
    err.quiet = quiet
    if config is not None:
        # The settings are read from the environment in one place; this is the same as setting the variable.
        os.environ["GETTONE_CONFIG"] = str(config)


def main() -> None:
    """Run the command line; every refusal is one sentence on stderr and its own exit status."""
    try:
        # Wrong usage exits with 2, and what a command itself decides with its own status, inside this call.
        app(prog_name="gettone")
    except GettoneError as refusal:
        err.quiet = False
        err.print(f"error [{refusal.code}]: {refusal.message}", markup=False)
        sys.exit(refusal.exit_status)
    except Exception:
        traceback.print_exc()
        err.print("error [internal]: this is a defect of gettone; please report it with the lines above", markup=False)
        sys.exit(70)


if __name__ == "__main__":
    main()
