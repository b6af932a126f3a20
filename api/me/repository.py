"""The person behind a token."""

from collections.abc import Sequence

from sqlalchemy import Connection

from api.me.schemas import ConsentChange
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.consents import Consents, Purpose
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


def consents_of(connection: Connection, member_id: str) -> dict[Purpose, tuple[int, str | None]]:
    """The consents of a member that are in force: when each was given, and to which words."""
    return Consents(connection).in_force(member_id)


def change_consent(connection: Connection, member_id: str, change: ConsentChange, actor: str, now_ms: int) -> None:
    """Give or withdraw a consent, and say so in the audit trail."""
    consents = Consents(connection)
    if change.given:
        consents.give(member_id, change.purpose, now_ms, change.text_version)
    else:
        consents.withdraw(member_id, change.purpose, now_ms)
    after = {"purpose": change.purpose.value, "given": change.given, "text_version": change.text_version}
    AuditTrail(connection).append(Deed(actor, "me.consent", member_id, after=after), now_ms)


def prefer(
    connection: Connection, vault: Vault, user_id: str, language: str | None, unwanted: Sequence[str] | None
) -> None:
    """Keep how a person wants to be written to."""
    People(connection, vault).prefer(user_id, language, unwanted)


def known(connection: Connection, vault: Vault, user_id: str) -> Person:
    """A person who was met before."""
    return People(connection, vault).person(user_id)
