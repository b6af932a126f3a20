"""The application: domains, errors, health.  It knows no identity provider yet; keys stand for devices and readers."""

from fastapi import FastAPI

from api.context import ApiContext, Context
from api.ingest.endpoints import router as ingest_router
from api.problems import install_problems
from api.refusals import Unavailable
from api.series.endpoints import router as series_router
from gettone.db.schema import require_current
from gettone.errors import GettoneError


def create_app(context: ApiContext) -> FastAPI:
    """The API over a context; the pages that would load scripts from elsewhere are off."""
    app = FastAPI(title="gettone", version="1", docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    app.state.context = context
    install_problems(app)
    app.include_router(ingest_router)
    app.include_router(series_router)
    app.add_api_route("/livez", live, operation_id="livez", tags=["health"])
    app.add_api_route("/readyz", ready, operation_id="readyz", tags=["health"])
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
