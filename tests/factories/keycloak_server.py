"""A real Keycloak for the time of a block, with the realm of this project."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from keycloak import KeycloakAdmin

from gettone.identity.keycloak import KeycloakProvider, realm_connection
from gettone.identity.realm.rotation import rotate_key
from gettone.identity.realm.setup import set_up_realm
from tests.factories.identity_world import IdentityWorld, logout_receiver
from tests.factories.mail_catcher import mail_catcher
from tests.factories.oidc_app import App

ROOT = Path(__file__).resolve().parents[2]
DAPP, AUDITOR = "http://127.0.0.1:8190", "http://127.0.0.1:8191"
START_S = 180


@dataclass(frozen=True)
class KeycloakServer:
    """A server that runs, with the folder of its secrets."""

    world: IdentityWorld
    folder: Path


@contextmanager
def keycloak_server() -> Iterator[KeycloakServer]:
    """Start Keycloak on a free port, set its realm up, and stop it afterwards."""
    with (
        mail_catcher() as mails,
        logout_receiver() as (receiver, logout_tokens),
        _running({"SMTP_PORT": str(mails.port), "API_URL": receiver}) as (issuer, folder),
    ):
        root = administrator(issuer, folder)
        set_up_realm(root)
        secret = (folder / "admin-client").read_text(encoding="utf-8").strip()
        admin = KeycloakProvider(realm_connection(issuer, client_id="gettone-admin", client_secret_key=secret))
        world = IdentityWorld(
            admin=admin,
            dapp=App(issuer, "gettone-dapp", DAPP),
            auditor=App(issuer, "gettone-auditor", AUDITOR),
            mails=mails,
            logout_tokens=logout_tokens,
            rotate_key=lambda: rotate_key(administrator(issuer, folder)),
        )
        yield KeycloakServer(world, folder)


def administrator(issuer: str, folder: Path) -> KeycloakAdmin:
    """The administrator of all realms that Keycloak makes at its first start."""
    password = (folder / "bootstrap-admin").read_text(encoding="utf-8").strip()
    connection = realm_connection(issuer, username="admin", password=password, user_realm_name="master")
    return KeycloakAdmin(connection=connection)


@contextmanager
def _running(addresses: dict[str, str]) -> Iterator[tuple[str, Path]]:
    """Issuer and folder with secrets of a Keycloak that answers."""
    cache = ROOT / ".cache" / "keycloak"
    cache.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=cache))
    port = _free_port()
    issuer = f"http://127.0.0.1:{port}/realms/gettone"
    environ = {**os.environ, **addresses, "KC_PORT": str(port), "KC_RUN": str(folder)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([ROOT / "scripts" / "keycloak.sh", "run"], env=environ, stdout=log, stderr=log)
        try:
            _wait_for(issuer, process, folder / "log")
            yield issuer, folder
        finally:
            process.terminate()
            process.wait(30)
            shutil.rmtree(folder)


def _wait_for(issuer: str, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + START_S
    while time.monotonic() < ends:
        assert process.poll() is None, log.read_text(encoding="utf-8")[-2000:]
        try:
            if httpx2.get(f"{issuer}/.well-known/openid-configuration", timeout=5).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"Keycloak did not answer in {START_S} s")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
