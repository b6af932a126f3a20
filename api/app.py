"""The application: domains, errors, health."""

from typing import Any

from fastapi import FastAPI

from api.audit_trail.endpoints import router as audit_trail_router
from api.config.endpoints import router as config_router
from api.context import ApiContext, Context
from api.contract import describe, require_permits
from api.guard import Guard
from api.ingest.endpoints import router as ingest_router
from api.jobs.endpoints import router as jobs_router
from api.me.endpoints import router as me_router
from api.operations.endpoints import router as operations_router
from api.problems import install_problems
from api.reconciliation.endpoints import router as reconciliation_router
from api.refusals import Unavailable
from api.series.endpoints import router as series_router
from gettone.db.schema import require_current
from gettone.errors import GettoneError

ROUTERS = (
    audit_trail_router,
    config_router,
    ingest_router,
    jobs_router,
    me_router,
    operations_router,
    reconciliation_router,
    series_router,
)
# Routes that take files read their bodies themselves, each up to its own limit.
OWN_BODIES = ("/api/v1/ingest/",)


def create_app(context: ApiContext) -> FastAPI:
    """The API over a context; the pages that would load scripts from elsewhere are off."""
    app = FastAPI(title="gettone", version="1", docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    app.state.context, app.state.routers = context, ROUTERS
    install_problems(app)
    for router in ROUTERS:
        app.include_router(router)
    app.add_api_route("/livez", live, operation_id="livez", tags=["health"])
    app.add_api_route("/readyz", ready, operation_id="readyz", tags=["health"])
    require_permits(app)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]  # FastAPI's own way to replace it
    app.add_middleware(Guard, own_bodies=OWN_BODIES)
    return app


def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


def ready(context: Context) -> dict[str, str]:
    """The database answers and is at the revision of this program."""
    try:
        with context.database.read() as connection:
            require_current(connection)
    except GettoneError as refusal:
        raise Unavailable("maintenance", refusal.message) from None
    return {"status": "ready"}


def _described(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        app.openapi_schema = describe(app)
    return app.openapi_schema
