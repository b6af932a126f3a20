"""Calls every operation of the API as its description allows, and says where an answer is not the described one."""

from collections.abc import Iterator

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.factories.api_world import World

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


def operations(world: World) -> Iterator[schemathesis.APIOperation]:
    """The operations that the API of a world describes."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", world.client.app)
    for one in schema.get_all_operations():
        yield one.ok()


def failure_of(operation: schemathesis.APIOperation, token: str, examples: int) -> str | None:
    """What an operation did, in so many calls, that its description does not say; None for nothing."""
    headers = {"authorization": f"Bearer {token}"}

    @settings(
        max_examples=examples,
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
