"""Every operation, called as its description allows and a little beyond, answers what it is described to answer.

No call ends in a defect of the server, and no answer has a status, a media type or a field that nobody was told of.
"""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.factories.api_world import World, close_world, open_world
from tests.factories.database_copies import KINDS, DatabaseCopies

pytestmark = [pytest.mark.database, pytest.mark.slow]
EXAMPLES = 6
ROLES = ("CA", "MB", "PA")
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


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
    schema = schemathesis.openapi.from_asgi("/openapi.json", shared_world.client.app)
    operations = [one.ok() for one in schema.get_all_operations()]
    wrong = {
        f"{one.method.upper()} {one.path} as {role}": failure
        for one in operations
        for role in ROLES
        if (failure := failure_of(one, shared_world.token(role))) is not None
    }
    assert len(operations) > 20
    assert not wrong, "\n".join(f"{where}: {failure}" for where, failure in wrong.items())


def failure_of(operation: schemathesis.APIOperation, token: str) -> str | None:
    """What an operation did that its description does not say, None for nothing."""
    headers = {"authorization": f"Bearer {token}"}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def answers(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, checks=list(CHECKS))

    try:
        answers()
    except (Exception, BaseExceptionGroup) as failure:  # whatever went wrong belongs into one list
        return "; ".join(str(one)[:500] for one in getattr(failure, "exceptions", (failure,)))
    return None
