"""Every operation, called as its description allows and a little beyond, answers what it is described to answer.

No call ends in a defect of the server, and no answer has a status, a media type or a field that nobody was told of.
"""

from collections.abc import Iterator

import pytest

from tests.factories.api_world import World, close_world, open_world
from tests.factories.database_copies import KINDS, DatabaseCopies
from tests.factories.described_api import failure_of, operations

pytestmark = [pytest.mark.database, pytest.mark.slow]
EXAMPLES = 4
ROLES = ("CA", "MB", "PA")


@pytest.fixture(scope="module", params=KINDS)
def shared_world(
    request: pytest.FixtureRequest, databases: DatabaseCopies, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """One world for all operations: what one call leaves behind is what the next one meets."""
    folder = tmp_path_factory.mktemp("described")
    with databases.upgraded(request.param, folder) as url:
        world = open_world(url, folder)
        yield world
        close_world(world)


def test_operations__called_as_described__answer_as_described(shared_world: World) -> None:
    described = list(operations(shared_world))
    wrong = {
        f"{one.method.upper()} {one.path} as {role}": failure
        for one in described
        for role in ROLES
        if (failure := failure_of(one, shared_world.token(role), EXAMPLES)) is not None
    }
    assert len(described) > 20
    assert not wrong, "\n".join(f"{where}: {failure}" for where, failure in wrong.items())
