"""Requests to join in the database."""

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.refusals import Unauthenticated
from gettone.db.repositories.join_requests import JoinRequests, RequestRow
from gettone.db.repositories.people import People


def page(
    context: ApiContext, community_id: int, user_id: str | None, after: tuple[int, str] | None, limit: int
) -> list[RequestRow]:
    """Requests of one person, or of all."""
    with context.database.read() as connection:
        return JoinRequests(connection, context.vault, community_id).page(user_id, after, limit)


def user_of(connection: Connection, context: ApiContext, access: Access) -> str:
    """The user id of the person who calls, made if they never came before; Unauthenticated for a machine."""
    if access.person.user_id is not None:
        return access.person.user_id
    person = access.person.person
    if person is None:
        raise Unauthenticated
    people = People(connection, context.vault)
    return people.meet(person.sub, person.given_name, person.family_name, person.email or "", context.clock())
