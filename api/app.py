"""The application: domains, errors, health."""

from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from api.agreements.endpoints import router as agreements_router
from api.audit_trail.endpoints import router as audit_trail_router
from api.auditors.endpoints import router as auditors_router
from api.batches.endpoints import router as batches_router
from api.changes.endpoints import router as changes_router
from api.communities.endpoints import router as communities_router
from api.config.endpoints import router as config_router
from api.context import ApiContext
from api.contract import describe, require_permits
from api.devices.endpoints import router as devices_router
from api.directory.endpoints import router as directory_router
from api.events.endpoints import router as events_router
from api.figures.endpoints import router as figures_router
from api.gse_shares.endpoints import router as gse_shares_router
from api.guard import Guard
from api.health.endpoints import router as health_router
from api.ingest.endpoints import router as ingest_router
from api.invitations.endpoints import router as invitations_router
from api.jobs.endpoints import router as jobs_router
from api.join_requests.endpoints import router as join_requests_router
from api.me.endpoints import router as me_router
from api.members.endpoints import router as members_router
from api.messages.endpoints import router as messages_router
from api.metrics import Watched
from api.models.endpoints import router as models_router
from api.offers.endpoints import router as offers_router
from api.operations.endpoints import router as operations_router
from api.payment_requests.endpoints import router as payment_requests_router
from api.policy.endpoints import router as policy_router
from api.polls.endpoints import router as polls_router
from api.problems import install_problems
from api.proofs.endpoints import router as proofs_router
from api.quality.endpoints import router as quality_router
from api.reconciliation.endpoints import router as reconciliation_router
from api.reference.endpoints import router as reference_router
from api.roles.endpoints import router as roles_router
from api.series.endpoints import router as series_router
from api.sessions.endpoints import router as sessions_router
from api.settlements.endpoints import router as settlements_router
from api.sources.endpoints import router as sources_router
from api.takeouts.endpoints import router as takeouts_router
from api.tokens.endpoints import router as tokens_router
from api.transfers.endpoints import router as transfers_router
from api.treasury.endpoints import router as treasury_router
from api.verification.endpoints import router as verification_router
from api.wallets.endpoints import router as wallets_router

ROUTERS = (
    agreements_router,
    audit_trail_router,
    auditors_router,
    batches_router,
    changes_router,
    communities_router,
    config_router,
    devices_router,
    directory_router,
    events_router,
    figures_router,
    gse_shares_router,
    ingest_router,
    invitations_router,
    jobs_router,
    join_requests_router,
    me_router,
    members_router,
    messages_router,
    models_router,
    offers_router,
    operations_router,
    payment_requests_router,
    policy_router,
    polls_router,
    proofs_router,
    quality_router,
    reconciliation_router,
    reference_router,
    roles_router,
    series_router,
    sessions_router,
    settlements_router,
    sources_router,
    takeouts_router,
    tokens_router,
    transfers_router,
    treasury_router,
    verification_router,
    wallets_router,
)
# Routes that take files read their bodies themselves, each up to its own limit.
OWN_BODIES = ("/api/v1/ingest/", "/api/v1/verify")
OWN_ENDINGS = ("/pictures",)


def create_app(context: ApiContext) -> FastAPI:
    """The API over a context; the pages that would load scripts from elsewhere are off."""
    app = FastAPI(title="gettone", version="1", docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    app.state.context, app.state.routers = context, ROUTERS
    install_problems(app)
    for router in ROUTERS:
        app.include_router(router)
    app.include_router(health_router)
    require_permits(app)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]  # FastAPI's own way to replace it
    app.add_middleware(Guard, own_bodies=OWN_BODIES, own_endings=OWN_ENDINGS)
    app.add_middleware(Watched, metrics=context.metrics)
    if context.front.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(context.front.origins),
            allow_methods=["*"],
            allow_headers=["authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "prefer"],
            expose_headers=["etag", "location", "link", "ratelimit", "retry-after", "x-request-id", "content-digest"],
        )
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        app.openapi_schema = describe(app)
    return app.openapi_schema
