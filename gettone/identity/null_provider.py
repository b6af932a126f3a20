"""The twin of the provider's administration for tests: users in memory, and every act as the port says it."""

import logging
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from gettone.identity.machines import machine_client
from gettone.identity.provider import (
    AddressTaken,
    IdentityEvent,
    IdentityEventKind,
    IdentitySession,
    IdentityUser,
    UnknownUser,
)

_log = logging.getLogger(__name__)


class NullProvider:
    """IdentityProvider without a provider; tests read `mailed`, and put sessions and events in themselves."""

    def __init__(self, clock_ms: Callable[[], int]) -> None:
        _log.warning("no identity provider is administered: users are kept in memory and are gone at the end")
        self._clock_ms = clock_ms
        self._users: dict[str, IdentityUser] = {}
        self._roles: dict[str, set[str]] = {}
        self.sessions: dict[str, tuple[str, IdentitySession]] = {}
        self.events: list[IdentityEvent] = []
        self.machines: dict[str, str | None] = {}
        self.mailed: list[str] = []

    def create_user(self, email: str, given_name: str, family_name: str, password: str) -> str:
        """A new user with a confirmed address; the password is not kept, as nobody logs in here."""
        if any(user.email == email.lower() for user in self._users.values()):
            raise AddressTaken
        sub = str(uuid.uuid4())
        self._users[sub] = IdentityUser(
            sub=sub,
            email=email.lower(),
            given_name=given_name,
            family_name=family_name,
            is_enabled=True,
            email_verified=True,
            created_ms=self._clock_ms(),
        )
        self._roles[sub] = {"member"}
        return sub

    def user(self, sub: str) -> IdentityUser | None:
        """The user of that `sub`."""
        return self._users.get(sub)

    def users(self, search: str, *, first: int, limit: int) -> list[IdentityUser]:
        """Users by a part of address or name, in the order of addresses."""
        wanted = search.lower()
        found = [
            user
            for user in sorted(self._users.values(), key=lambda user: user.email)
            if wanted in f"{user.email} {user.given_name} {user.family_name}".lower()
        ]
        return found[first : first + limit]

    def set_enabled(self, sub: str, *, is_enabled: bool) -> None:
        """Allow or forbid a user to log in; the sessions of a forbidden one end."""
        self._users[sub] = replace(self._known(sub), is_enabled=is_enabled)
        if not is_enabled:
            self.end_sessions_of(sub)

    def send_verify_email(self, sub: str, client: str, redirect_uri: str) -> None:
        """Note the address that a mail would have gone to."""
        self.mailed.append(self._known(sub).email)

    def roles_of(self, sub: str) -> frozenset[str]:
        """The realm roles of a user."""
        return frozenset(self._roles[self._known(sub).sub])

    def grant_role(self, sub: str, role: str) -> None:
        """Give a realm role."""
        self._roles[self._known(sub).sub].add(role)

    def revoke_role(self, sub: str, role: str) -> None:
        """Take a realm role."""
        self._roles[self._known(sub).sub].discard(role)

    def sessions_of(self, sub: str) -> list[IdentitySession]:
        """The sessions that a test put in for a user."""
        self._known(sub)
        return [session for owner, session in self.sessions.values() if owner == sub]

    def end_session(self, session: str) -> None:
        """End a session."""
        self.sessions.pop(session, None)

    def end_sessions_of(self, sub: str) -> None:
        """End all sessions of a user."""
        for session in self.sessions_of(sub):
            self.end_session(session.session)

    def remove_second_factors(self, sub: str) -> None:
        """There are none here; UnknownUser without the user."""
        self._known(sub)

    def delete_user(self, sub: str) -> None:
        """Delete a user; one that is gone is no error."""
        if self._users.pop(sub, None) is None:
            return
        self.sessions = {key: one for key, one in self.sessions.items() if one[0] != sub}
        self.events.append(
            IdentityEvent(str(len(self.events)), IdentityEventKind.DELETED_BY_ADMIN, sub, self._clock_ms(), None)
        )

    def register_machine(self, client: str, key: Mapping[str, Any] | None) -> str | None:
        """Register or renew a machine client."""
        machine_client(client, key)
        self.machines[client] = None if key is not None else uuid.uuid4().hex
        return self.machines[client]

    def remove_machine(self, client: str) -> None:
        """Remove a machine client; one that is gone is no error."""
        self.machines.pop(machine_client(client, None)["clientId"], None)

    def events_since(self, at_ms: int) -> Iterator[IdentityEvent]:
        """The events that a test put in, and deletions, oldest first."""
        return iter(sorted((one for one in self.events if one.at_ms >= at_ms), key=lambda one: one.at_ms))

    def _known(self, sub: str) -> IdentityUser:
        user = self._users.get(sub)
        if user is None:
            raise UnknownUser
        return user
