"""One Keycloak for the session."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from keycloak import KeycloakAdmin

pytest.register_assert_rewrite("tests.identity_checks")

from tests.factories.identity_world import IdentityWorld  # noqa: E402  after the line above, which it needs
from tests.factories.keycloak_server import (  # noqa: E402
    KeycloakServer,
    administrator,
    keycloak_server,
)


def pytest_configure(config: pytest.Config) -> None:
    """The marker of these tests."""
    config.addinivalue_line("markers", "keycloak: needs Keycloak, which scripts/setup.sh keycloak installs")


@pytest.fixture(scope="session")
def server() -> Iterator[KeycloakServer]:
    """A real Keycloak with the realm of this project."""
    with keycloak_server() as running:
        yield running


@pytest.fixture(scope="session")
def world(server: KeycloakServer) -> IdentityWorld:
    """What the checks work with."""
    return server.world


@pytest.fixture(scope="session")
def root(server: KeycloakServer) -> Callable[[], KeycloakAdmin]:
    """Logs the administrator of all realms in."""
    return lambda: administrator(server.world.issuer, server.folder)


@pytest.fixture(scope="session")
def secrets_folder(server: KeycloakServer) -> Path:
    """The folder with the secrets of this server, which its processes name."""
    return server.folder
