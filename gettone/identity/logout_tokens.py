"""The token with which the provider says that a session has ended (back-channel logout, F7)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from gettone.identity.claims import BadToken
from gettone.identity.rules import TokenRules
from gettone.identity.signing_keys import SigningKeys
from gettone.identity.verifier import MAX_TOKEN_BYTES, check_times, signed_payload, system_clock_s

_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_OPTIONS: Final[Any] = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "require": ["exp", "iat", "iss", "aud", "jti", "events"],
}


@dataclass(frozen=True, slots=True)
class EndedSession:
    """A session that has ended; `token_id` is stored, so that a replayed token is seen, until `expires_at_s`."""

    session: str
    sub: str | None
    token_id: str
    expires_at_s: int


class LogoutTokens:
    """Checks logout tokens with the keys that access tokens are checked with."""

    def __init__(self, rules: TokenRules, keys: SigningKeys, clock_s: Callable[[], int] = system_clock_s) -> None:
        self._rules = rules
        self._keys = keys
        self._clock_s = clock_s

    def ended_session(self, token: str) -> EndedSession:
        """The session that a valid logout token ends; BadToken for any other token.

        Whether the token came before, its receiver knows: it stores `token_id`.
        """
        if len(token) > MAX_TOKEN_BYTES:
            raise BadToken("token_large", "the logout token has more than 8 KiB")
        payload, header = signed_payload(token, self._rules, self._keys, _OPTIONS, self._rules.clients)
        if str(header.get("typ", "")).lower() != "logout+jwt" and payload.get("typ") != "Logout":
            raise BadToken("token_type", "the token is no logout token")
        events = payload.get("events")
        if not isinstance(events, dict) or not isinstance(events.get(_EVENT), dict) or "nonce" in payload:
            raise BadToken("token_type", "the token does not tell of a logout")
        check_times(payload, self._clock_s())
        session, token_id, sub = payload.get("sid"), payload.get("jti"), payload.get("sub")
        if not isinstance(session, str) or not session or not isinstance(token_id, str) or not token_id:
            raise BadToken("token_claim", "the logout token names no session, or has no id")
        return EndedSession(session, sub if isinstance(sub, str) else None, token_id, payload["exp"])
