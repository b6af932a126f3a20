"""The application's description of itself (OpenAPI 3.1): each operation with its action and who may call it."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from api.access import Permit
from api.once import OnceFor
from api.problems import MEDIA_TYPE
from api.schemas import Problem

# What any route may answer beside its success (§5); 401 and 403 only where somebody logs in.
COMMON = (400, 404, 405, 409, 410, 412, 413, 415, 422, 428, 429, 503)
LOGGED_IN = (401, 403)
# Of routes that belong to no domain: health, and the contact for weaknesses.
UNGUARDED = (404, 405, 503)


def permits_of(route: APIRoute) -> list[Permit]:
    """The permits among the dependencies of a route."""
    return [one.call for one in _walk(route.dependant) if isinstance(one.call, Permit)]


def is_once(route: APIRoute) -> bool:
    """Whether a route asks for an `Idempotency-Key`."""
    return any(isinstance(one.call, OnceFor) for one in _walk(route.dependant))


def routes_of(app: FastAPI) -> list[APIRoute]:
    """The routes of the domains, in their order; health is not among them."""
    return [one for router in app.state.routers for one in router.routes if isinstance(one, APIRoute)]


def methods_of(route: APIRoute) -> list[str]:
    """The methods of a route, in order."""
    return sorted(route.methods or ())


def require_permits(app: FastAPI) -> None:
    """ValueError for a route that names no action of the matrix, or more than one."""
    for route in routes_of(app):
        if len(permits_of(route)) != 1:
            raise ValueError(f"{methods_of(route)} {route.path} names {len(permits_of(route))} actions, not one")


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of an application."""
    document = get_openapi(title="gettone", version="1", openapi_version="3.1.0", description=_ABOUT, routes=app.routes)
    document["components"]["schemas"] |= _problem_schemas()
    for route in routes_of(app):
        (permit,) = permits_of(route)
        for method in methods_of(route):
            _complete(document["paths"][route.path][method.lower()], permit)
    for operation in (one for path in document["paths"].values() for one in path.values()):
        if "x-action" not in operation:
            _add_problems(operation, UNGUARDED)
    return document


_ABOUT = (
    "Errors are application/problem+json with a stable `code`.  `x-action` and `x-who` say which action of the "
    "permission matrix an operation is, and who may do it how far: a every community, c the own one, o own rows, "
    "g the granted range, p pseudonymous, 1 proposes, 2 approves."
)


def _complete(operation: dict[str, Any], permit: Permit) -> None:
    letters = permit.action.letters
    operation["x-action"] = permit.action.name
    operation["x-who"] = {role: letters[role] for role in permit.action.roles(permit.step)}
    _add_problems(operation, COMMON if permit.action.is_public else (*LOGGED_IN, *COMMON))


def _add_problems(operation: dict[str, Any], statuses: tuple[int, ...]) -> None:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in sorted(statuses):
        operation["responses"][str(status)] = {"description": "Problem", "content": content}


def _problem_schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "Problem": schema}


def _walk(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for one in dependant.dependencies:
        yield from _walk(one)
