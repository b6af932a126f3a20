"""The port to the demonstration's provider, directly on its file."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gettone.errors import InputError
from gettone.identity.embedded.ending import end_sessions
from gettone.identity.embedded.machines import register
from gettone.identity.embedded.mails import send_verification
from gettone.identity.embedded.passwords import hashed_password
from gettone.identity.embedded.people import Person
from gettone.identity.embedded.realm import MACHINE, EmbeddedRealm
from gettone.identity.embedded.sessions import Sessions
from gettone.identity.embedded.store import Transaction
from gettone.identity.embedded.tokens import send_logouts
from gettone.identity.machines import machine_client
from gettone.identity.provider import (
    IdentityEvent,
    IdentityEventKind,
    IdentitySession,
    IdentityUser,
    UnknownUser,
)


class EmbeddedProvider:
    """IdentityProvider over the file of an EmbeddedRealm; sessions that it ends are told to their applications."""

    def __init__(self, realm: EmbeddedRealm) -> None:
        self._realm = realm

    def create_user(self, email: str, given_name: str, family_name: str, password: str) -> str:
        """The `sub` of a new user whose address counts as confirmed; AddressTaken for a known address."""
        with self._realm.store.transaction() as db:
            people = self._realm.people(db)
            person = people.create(email, given_name, family_name)
            person.email_verified, person.password = True, hashed_password(password)
            people.save(person)
            return person.sub

    def user(self, sub: str) -> IdentityUser | None:
        """The user of that `sub`, None when there is none."""
        with self._realm.store.transaction() as db:
            person = self._realm.people(db).by_sub(sub)
        return None if person is None else _user(person)

    def users(self, search: str, *, first: int, limit: int) -> list[IdentityUser]:
        """Users whose address or name contains `search`, from number `first`, at most `limit`."""
        with self._realm.store.transaction() as db:
            return [_user(person) for person in self._realm.people(db).search(search, first, limit)]

    def set_enabled(self, sub: str, *, is_enabled: bool) -> None:
        """Allow or forbid a user to log in; a user who is forbidden also loses the sessions."""
        self._change(sub, lambda person: setattr(person, "is_enabled", is_enabled))
        if not is_enabled:
            self.end_sessions_of(sub)

    def send_verify_email(self, sub: str, client: str, redirect_uri: str) -> None:
        """Mail the link that confirms the address again, valid for 12 h."""
        known = self._realm.clients.get(client)
        if known is None or known.redirect_uri != redirect_uri:
            raise InputError("redirect_unknown", f"{redirect_uri} is no return address of {client}")
        with self._realm.store.transaction() as db:
            send_verification(self._realm, db, self._person(db, sub), flow=None)

    def roles_of(self, sub: str) -> frozenset[str]:
        """The realm roles of a user."""
        with self._realm.store.transaction() as db:
            return frozenset(self._person(db, sub).roles)

    def grant_role(self, sub: str, role: str) -> None:
        """Give a user a realm role."""
        if role not in self._realm.role_names:
            raise UnknownUser
        self._change(sub, lambda person: setattr(person, "roles", sorted({*person.roles, role})))

    def revoke_role(self, sub: str, role: str) -> None:
        """Take a realm role from a user."""
        self._change(sub, lambda person: setattr(person, "roles", sorted(set(person.roles) - {role})))

    def sessions_of(self, sub: str) -> list[IdentitySession]:
        """The live sessions of a user."""
        with self._realm.store.transaction() as db:
            found = Sessions(self._realm, db).of(sub)
        return [IdentitySession(one.sid, one.started_s * 1000, one.last_used_s * 1000) for one in found]

    def end_session(self, session: str) -> None:
        """End one session in all applications; one that has ended is no error."""
        self._end(lambda _db: [session])

    def end_sessions_of(self, sub: str) -> None:
        """End all sessions of a user."""
        self._end(lambda db: [one.sid for one in Sessions(self._realm, db).of(self._person(db, sub).sub)])

    def remove_second_factors(self, sub: str) -> None:
        """Remove authenticator and recovery codes of a user who lost them."""

        def remove(person: Person) -> None:
            person.totp_secret, person.totp_last_step, person.recovery_codes = None, 0, []

        self._change(sub, remove)

    def delete_user(self, sub: str) -> None:
        """Delete a user; one that is gone is no error."""
        with self._realm.store.transaction() as db:
            people = self._realm.people(db)
            person = people.by_sub(sub)
            if person is None:
                return
            messages = end_sessions(self._realm, db, [one.sid for one in Sessions(self._realm, db).of(sub)])
            people.delete(person, IdentityEventKind.DELETED_BY_ADMIN)
        send_logouts(messages)

    def register_machine(self, client: str, key: Mapping[str, Any] | None) -> str | None:
        """Register or renew the machine client `mc-*`; its new secret, or None where it signs with the JWK `key`."""
        with self._realm.store.transaction() as db:
            return register(db, client, key)

    def remove_machine(self, client: str) -> None:
        """Remove a machine client; one that is gone is no error."""
        with self._realm.store.transaction() as db:
            db.delete(MACHINE, machine_client(client, None)["clientId"])

    def events_since(self, at_ms: int) -> Iterator[IdentityEvent]:
        """What happened to users at or after `at_ms` [unix ms], oldest first."""
        with self._realm.store.transaction() as db:
            rows = db.sql.execute(
                "SELECT id, kind, sub, at_ms, session FROM events WHERE at_ms >= ? ORDER BY at_ms, id", (at_ms,)
            ).fetchall()
        return iter([IdentityEvent(str(row[0]), IdentityEventKind(row[1]), *row[2:]) for row in rows])

    def _person(self, db: Transaction, sub: str) -> Person:
        person = self._realm.people(db).by_sub(sub)
        if person is None:
            raise UnknownUser
        return person

    def _change(self, sub: str, change: Callable[[Person], None]) -> None:
        with self._realm.store.transaction() as db:
            person = self._person(db, sub)
            change(person)
            self._realm.people(db).save(person)

    def _end(self, sids: Callable[[Transaction], list[str]]) -> None:
        with self._realm.store.transaction() as db:
            messages = end_sessions(self._realm, db, sids(db))
        send_logouts(messages)


def _user(person: Person) -> IdentityUser:
    return IdentityUser(
        sub=person.sub,
        email=person.email,
        given_name=person.given_name,
        family_name=person.family_name,
        is_enabled=person.is_enabled,
        email_verified=person.email_verified,
        created_ms=person.created_ms,
    )
