"""`gettone api`: serve the HTTP API."""

from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn

from api.app import create_app
from api.context import ApiContext
from cli.clock import clock_of
from cli.ingest_context import ingest_context
from gettone.settings import load_settings
from oracle.import_readings import import_readings

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
    with ingest_context(settings) as (database, _vault, intake):

        def dry_run(flow: str, path: Path, now_ms: int) -> dict[str, Any]:
            return import_readings(intake, path, flow, now_ms=now_ms, dry_run=True).to_document()

        context = ApiContext(database, intake, dry_run, settings.sources_dir, clock_of(settings))
        uvicorn.run(create_app(context), host=host, port=port, log_level="warning")
