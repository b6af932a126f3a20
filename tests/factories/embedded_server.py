"""The demonstration's identity provider on a free port, for the time of a block."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from api.embedded_idp.app import embedded_app
from gettone.identity.embedded.keys import rotate_embedded_key
from gettone.identity.embedded.machines import renew_admin_secret
from gettone.identity.embedded.realm import EmbeddedRealm
from gettone.identity.embedded.store import IdentityStore
from gettone.identity.keycloak import KeycloakProvider, realm_connection
from tests.factories.identity_world import IdentityWorld, logout_receiver
from tests.factories.oidc_app import App

DAPP, AUDITOR = "http://127.0.0.1:8190", "http://127.0.0.1:8191"


class Outbox:
    """The messages of the provider, from its file."""

    def __init__(self, realm: EmbeddedRealm) -> None:
        self._realm = realm

    def texts_to(self, receiver: str) -> list[str]:
        with self._realm.store.transaction() as db:
            rows = db.sql.execute("SELECT subject, body FROM mails WHERE receiver = ? ORDER BY id", (receiver,))
            return [f"{subject}\n{body}" for subject, body in rows]

    def link_to(self, receiver: str, count: int = 1) -> str:
        found = re.search(r"https?://\S+", self.texts_to(receiver)[count - 1])
        assert found is not None
        return found.group(0)


@contextmanager
def embedded_world(folder: Path) -> Iterator[IdentityWorld]:
    """Serve the provider from `folder`; its administration is asked as Keycloak's is, by the same adapter."""
    with logout_receiver() as (receiver, logout_tokens), _port() as listening:
        realm = EmbeddedRealm(
            f"http://127.0.0.1:{listening.getsockname()[1]}",
            IdentityStore(folder / "identity.sqlite"),
            {"API_URL": receiver},
        )
        with realm.store.transaction() as db:
            secret = renew_admin_secret(db)
        with _served(realm, listening):
            yield IdentityWorld(
                admin=KeycloakProvider(
                    realm_connection(realm.issuer, client_id="gettone-admin", client_secret_key=secret)
                ),
                dapp=App(realm.issuer, "gettone-dapp", DAPP),
                auditor=App(realm.issuer, "gettone-auditor", AUDITOR),
                mails=Outbox(realm),
                logout_tokens=logout_tokens,
                rotate_key=lambda: rotate_embedded_key(realm.store),
            )


@contextmanager
def _port() -> Iterator[socket.socket]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        yield listening


@contextmanager
def _served(realm: EmbeddedRealm, listening: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(embedded_app(realm), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
