"""The person behind a token."""

from sqlalchemy import Connection

from gettone.db.repositories.people import People, Person
from gettone.identity.claims import TokenClaims
from gettone.vault import Vault


def remember(connection: Connection, vault: Vault, claims: TokenClaims, now_ms: int) -> Person:
    """The person of a token, met for the first time or with the names that the provider gives now."""
    people, email = People(connection, vault), claims.email or ""
    user_id = people.meet(claims.sub, claims.given_name, claims.family_name, email, now_ms)
    person = people.person(user_id)
    given = (claims.given_name, claims.family_name, email)
    if (person.given_name, person.family_name, person.email) != given:
        people.rename(user_id, *given)
        person = people.person(user_id)
    return person


def known(connection: Connection, vault: Vault, user_id: str) -> Person:
    """A person who was met before."""
    return People(connection, vault).person(user_id)
