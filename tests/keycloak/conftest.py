"""One Keycloak for the session."""

from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite("tests.identity_checks")

from tests.factories.identity_world import IdentityWorld  # noqa: E402  after the line above, which it needs
from tests.factories.keycloak_server import keycloak_world  # noqa: E402


def pytest_configure(config: pytest.Config) -> None:
    """The marker of these tests."""
    config.addinivalue_line("markers", "keycloak: needs Keycloak, which scripts/setup.sh keycloak installs")


@pytest.fixture(scope="session")
def world() -> Iterator[IdentityWorld]:
    """A real Keycloak with the realm of this project."""
    with keycloak_world() as running:
        yield running
