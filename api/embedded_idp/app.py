"""The demonstration's identity provider as an application, alone or in front of the API on the same port."""

from typing import Final

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.embedded_idp.admin import router as admin_router
from api.embedded_idp.admin_clients import router as clients_router
from api.embedded_idp.endpoints import router as token_router
from api.embedded_idp.login import router as login_router
from api.embedded_idp.outbox import router as outbox_router
from gettone.identity.embedded.realm import EmbeddedRealm
from gettone.identity.embedded.store import IdentityStore
from gettone.identity.switch import require_embedded
from gettone.settings import Settings

PREFIXES: Final = ("/realms/", "/admin/realms/", "/demo/outbox")


def embedded_realm(settings: Settings, host: str, port: int, addresses: dict[str, str]) -> EmbeddedRealm:
    """The provider at http://HOST:PORT; Refused (exit 6) anywhere but in a demonstration on loopback.

    `addresses` are those of the realm file: DAPP_URL, AUDITOR_URL, API_URL.
    """
    require_embedded(settings, host)
    return EmbeddedRealm(f"http://{host}:{port}", IdentityStore(settings.embedded_idp_file), addresses)


def embedded_app(realm: EmbeddedRealm) -> FastAPI:
    """The application of a realm; what the browser's applications call is open to their origins alone."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.realm = realm
    app.include_router(token_router)
    app.include_router(login_router)
    app.include_router(outbox_router)
    app.include_router(admin_router)
    app.include_router(clients_router)
    origins = sorted({one.origin for one in realm.clients.values() if one.origin is not None})
    app.add_middleware(CORSMiddleware, allow_origins=origins, allow_methods=["GET", "POST"], allow_headers=["*"])
    return app


class InFrontOf:
    """Gives the provider's paths to it, and everything else to the application behind."""

    def __init__(self, app: ASGIApp, provider: ASGIApp) -> None:
        self._app = app
        self._provider = provider

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        is_mine = scope["type"] == "http" and str(scope["path"]).startswith(PREFIXES)
        await (self._provider if is_mine else self._app)(scope, receive, send)
