"""`gettone api`: serve the HTTP API."""

from typing import Annotated

import typer
import uvicorn
from prometheus_client import start_http_server

from api.app import create_app
from api.embedded_idp.app import InFrontOf, embedded_app
from cli.api_context import api_context, demo_realm
from gettone.settings import load_settings

api_app = typer.Typer(no_args_is_help=True, add_completion=False, help="The HTTP API.")


@api_app.callback()
def _group() -> None:
    """The HTTP API."""


@api_app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="Address to listen on; TLS ends in front of it.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port to listen on.")] = 8000,
    metrics_port: Annotated[
        int | None, typer.Option("--metrics-port", help="Port for Prometheus, on loopback; none without it.")
    ] = None,
) -> None:
    """Serve the API until it is stopped; what it is asked to do is done by `gettone worker run`."""
    settings = load_settings()
    realm = demo_realm(settings, host, port)
    with api_context(settings, realm) as context:
        if metrics_port is not None:
            start_http_server(metrics_port, "127.0.0.1", context.metrics.registry)
        app = create_app(context)
        served = app if realm is None else InFrontOf(app, embedded_app(realm))
        uvicorn.run(served, host=host, port=port, log_level="warning", server_header=False)
