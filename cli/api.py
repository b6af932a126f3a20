"""`gettone api`: serve the HTTP API."""

from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn

from api.app import create_app
from api.context import ApiContext, Chain, Front, JobLine
from cli.clock import clock_of
from cli.ingest_context import ingest_context
from gettone.chain.client import connect
from gettone.chain.deployment_file import load_deployment
from gettone.db.repositories.keys import CURSORS, Keys
from gettone.identity.null import NullTokens
from gettone.settings import Environment, Settings, load_settings
from oracle.import_readings import import_readings
from oracle.worker.registry import JOBS, schedules

api_app = typer.Typer(no_args_is_help=True, add_completion=False, help="The HTTP API.")


@api_app.callback()
def _group() -> None:
    """The HTTP API."""


@api_app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="Address to listen on; TLS ends in front of it.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port to listen on.")] = 8000,
) -> None:
    """Serve the API until it is stopped; batches are judged by `gettone source run`."""
    settings = load_settings()
    settings.sources_dir.mkdir(parents=True, exist_ok=True)
    with ingest_context(settings) as (database, vault, intake):

        def dry_run(flow: str, path: Path, now_ms: int) -> dict[str, Any]:
            return import_readings(intake, path, flow, now_ms=now_ms, dry_run=True).to_document()

        with database.write() as connection:
            cursor_secret = Keys(connection, vault).platform_key(CURSORS)
        context = ApiContext(
            database=database,
            vault=vault,
            tokens=NullTokens(),
            intake=intake,
            dry_run=dry_run,
            folder=settings.sources_dir,
            front=_front(settings),
            cursor_secret=cursor_secret,
            chain=_chain(settings),
            clock=clock_of(settings),
            jobs=_jobs(settings),
        )
        uvicorn.run(create_app(context), host=host, port=port, log_level="warning")


def _front(settings: Settings) -> Front:
    return Front("", "gettone-api", (), settings.environment is Environment.DEMO, settings.rpc_url)


def _chain(settings: Settings) -> Chain | None:
    """The configured chain, None where there is none."""
    if settings.rpc_url is None or settings.deployment_file is None:
        return None
    client = connect(settings.rpc_url, settings.chain_id, genesis_hash=settings.genesis_hash)
    return Chain(client, load_deployment(settings.deployment_file))


def _jobs(settings: Settings) -> tuple[JobLine, ...]:
    """The jobs of the worker that shares these settings."""
    planned = schedules(settings)
    return tuple(JobLine(one.name, str(planned[one.name] or "off"), one.per_community) for one in JOBS)
