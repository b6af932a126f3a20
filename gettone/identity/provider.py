"""The port to the administration of the identity provider (the report's Identity Gateway).

Who logs in, and how, is the provider's own; gettone finds users there, gives them realm roles, ends their sessions,
registers machine clients and reads what happened.  Every act may be repeated: what is already so stays so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from gettone.errors import Conflict, MissingInput


@dataclass(frozen=True, slots=True)
class IdentityUser:
    """A user as the provider knows one; `created_ms` is unix ms."""

    sub: str
    email: str
    given_name: str
    family_name: str
    is_enabled: bool
    email_verified: bool
    created_ms: int


@dataclass(frozen=True, slots=True)
class IdentitySession:
    """A live session of a user: its `sid`, and when it began and was last used [unix ms]."""

    session: str
    started_ms: int
    last_used_ms: int


class IdentityEventKind(StrEnum):
    """What the provider tells of its users."""

    REGISTERED = "registered"
    EMAIL_VERIFIED = "email_verified"
    EMAIL_CHANGED = "email_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  a kind of event
    DELETED_BY_USER = "deleted_by_user"
    DELETED_BY_ADMIN = "deleted_by_admin"


@dataclass(frozen=True, slots=True)
class IdentityEvent:
    """Something that happened to a user at `at_ms` [unix ms]; `event_id` is the same at every reading.

    `session` is the session in which it happened, None where there is none.
    """

    event_id: str
    kind: IdentityEventKind
    sub: str
    at_ms: int
    session: str | None


class IdentityProvider(Protocol):
    """Administration of users, sessions and machine clients.  All methods raise Unreachable without an answer."""

    def create_user(self, email: str, given_name: str, family_name: str, password: str) -> str:
        """The `sub` of a new user whose address counts as confirmed (bootstrap); Conflict for a known address."""
        ...

    def user(self, sub: str) -> IdentityUser | None:
        """The user of that `sub`, None when there is none."""
        ...

    def users(self, search: str, *, first: int, limit: int) -> list[IdentityUser]:
        """Users whose address or name contains `search`, from number `first`, at most `limit`."""
        ...

    def set_enabled(self, sub: str, *, is_enabled: bool) -> None:
        """Allow or forbid a user to log in; UnknownUser without one."""
        ...

    def send_verify_email(self, sub: str, client: str, redirect_uri: str) -> None:
        """Mail the link that confirms the address again, valid for 12 h."""
        ...

    def roles_of(self, sub: str) -> frozenset[str]:
        """The realm roles given to a user, those of every user among them."""
        ...

    def grant_role(self, sub: str, role: str) -> None:
        """Give a user a realm role."""
        ...

    def revoke_role(self, sub: str, role: str) -> None:
        """Take a realm role from a user."""
        ...

    def sessions_of(self, sub: str) -> list[IdentitySession]:
        """The live sessions of a user."""
        ...

    def end_session(self, session: str) -> None:
        """End one session in all applications."""
        ...

    def end_sessions_of(self, sub: str) -> None:
        """End all sessions of a user."""
        ...

    def remove_second_factors(self, sub: str) -> None:
        """Remove authenticators, security keys and recovery codes of a user who lost them (F15)."""
        ...

    def delete_user(self, sub: str) -> None:
        """Delete a user with everything the provider holds; one that is gone is no error."""
        ...

    def register_machine(self, client: str, key: Mapping[str, Any] | None) -> str | None:
        """Register the machine client `mc-*`; its new secret, or None where it signs with the JWK `key`.

        A client that exists is set again: this is also how a secret or key is replaced.
        """
        ...

    def remove_machine(self, client: str) -> None:
        """Remove a machine client; one that is gone is no error."""
        ...

    def events_since(self, at_ms: int) -> Iterator[IdentityEvent]:
        """What happened to users at or after `at_ms` [unix ms], oldest first."""
        ...


class UnknownUser(MissingInput):
    """The provider has no user of that `sub`."""

    def __init__(self) -> None:
        super().__init__("user_unknown", "the identity provider has no such user: look the user up again")


class AddressTaken(Conflict):
    """Another user has that address; the message does not repeat it."""

    def __init__(self) -> None:
        super().__init__("address_taken", "a user with this e-mail address exists already")
