"""What a checked access token says of its bearer (identity and API specification §4)."""

from dataclasses import dataclass
from typing import Protocol

from gettone.errors import Refused


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """The claims the API reads, from a token whose signature, issuer, audience, client and times were checked.

    `session` is the `sid` of a person and None for a machine.  `acr` is 1 for a password, 2 with a second factor;
    0, a login by cookie alone, is given as 1 (F13).  `authenticated_at_s` is `auth_time` [unix s].
    """

    sub: str
    client: str
    roles: frozenset[str]
    session: str | None
    acr: int
    authenticated_at_s: int | None
    email: str | None
    email_verified: bool
    given_name: str
    family_name: str
    expires_at_s: int

    @property
    def is_machine(self) -> bool:
        """Client credentials have no session."""
        return self.session is None


class BadToken(Refused):
    """A token that is not accepted; `code` is the rule it broke, for logs and tests, and never told to the caller."""


class TokenCheck(Protocol):
    """Checks access tokens (identity and API specification §4)."""

    def claims(self, token: str) -> TokenClaims:
        """The claims of a valid token; BadToken for any other, Unreachable while no key of the provider is known."""
        ...
