"""One provider for each file of tests."""

from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite("tests.identity_checks")

from tests.factories.embedded_server import embedded_world  # noqa: E402  after the line above, which it needs
from tests.factories.identity_world import IdentityWorld  # noqa: E402


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IdentityWorld]:
    """The demonstration's provider, served from a file of its own."""
    with embedded_world(tmp_path_factory.mktemp("identity")) as running:
        yield running
