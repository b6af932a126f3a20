"""Checks access tokens by the table of the identity and API specification, §4."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, Final, NoReturn

import jwt

from gettone.identity.claims import BadToken, TokenClaims
from gettone.identity.rules import MACHINE_PREFIX, TokenRules
from gettone.identity.signing_keys import FetchKeys, SigningKeys, keys_over_http

MAX_TOKEN_BYTES: Final = 8 * 1024
LEEWAY_S: Final = 30
MAX_LIFETIME_S: Final = 3600
RESULT_S: Final = 60
MAX_RESULTS: Final = 10_000

# Whether a machine client has an open grant; asked for each request, also where the token's result is known.
IsGranted = Callable[[str], bool]
_OPTIONS: Final[Any] = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "require": ["exp", "iat", "iss", "aud", "azp", "sub"],
}
_CODES: Final[tuple[tuple[type[jwt.PyJWTError], str], ...]] = (
    (jwt.InvalidSignatureError, "token_signature"),
    (jwt.InvalidIssuerError, "token_issuer"),
    (jwt.InvalidAudienceError, "token_audience"),
    (jwt.MissingRequiredClaimError, "token_claim"),
    (jwt.InvalidAlgorithmError, "token_algorithm"),
)


def system_clock_s() -> int:
    """The time of this machine [unix s]; tokens carry real time, also where a demonstration moved its chain's."""
    return int(time.time())


class TokenVerifier:
    """The TokenCheck of a provider; one object serves a process."""

    def __init__(
        self,
        rules: TokenRules,
        is_granted: IsGranted,
        *,
        fetch: FetchKeys | None = None,
        clock_s: Callable[[], int] = system_clock_s,
    ) -> None:
        """Check by `rules`; keys come from the issuer unless `fetch` gives them."""
        self.keys = SigningKeys(fetch or keys_over_http(rules.keys_url), rules.algorithms, clock_s)
        self._rules = rules
        self._is_granted = is_granted
        self._clock_s = clock_s
        self._results = _Results()

    def claims(self, token: str) -> TokenClaims:
        """The claims of a valid token; BadToken for any other, Unreachable while no key of the provider is known."""
        if len(token) > MAX_TOKEN_BYTES:
            _refuse("token_large", "the token has more than 8 KiB")
        now_s = self._clock_s()
        digest = hashlib.sha256(token.encode()).digest()
        claims = self._results.get(digest, now_s)
        if claims is None:
            claims = self._checked(token, now_s)
            self._results.put(digest, claims, min(now_s + RESULT_S, claims.expires_at_s + LEEWAY_S))
        if claims.is_machine and not self._is_granted(claims.client):
            _refuse("token_client", "the token's machine client has no grant")
        return claims

    def _checked(self, token: str, now_s: int) -> TokenClaims:
        payload, header = signed_payload(token, self._rules, self.keys, _OPTIONS, self._rules.audience)
        if payload.get("typ") != "Bearer" and str(header.get("typ", "")).lower() != "at+jwt":
            _refuse("token_type", "the token is no access token")
        check_times(payload, now_s)
        return _claims_of(payload, self._rules)


def signed_payload(
    token: str, rules: TokenRules, keys: SigningKeys, options: Any, audience: str | frozenset[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Payload and header of a token of the issuer for `audience`; its times and kind are still to be checked."""
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError):
        _refuse("token_syntax", "the token is no JWT")
    if header.get("alg") not in rules.algorithms:
        _refuse("token_algorithm", "the token is signed with an algorithm that is not allowed")
    key_id = header.get("kid")
    if not isinstance(key_id, str) or not key_id:
        _refuse("token_key", "the token names no key")
    try:
        payload = jwt.decode(
            token,
            keys.key_of(key_id),
            algorithms=sorted(rules.algorithms),
            audience=audience,
            issuer=rules.issuer,
            options=options,
        )
    except (jwt.PyJWTError, ValueError, TypeError) as failure:
        code = next((code for kind, code in _CODES if isinstance(failure, kind)), "token_syntax")
        _refuse(code, f"the token is not accepted: {type(failure).__name__}")
    return payload, header


def check_times(payload: Mapping[str, Any], now_s: int) -> None:
    """BadToken for a token that ended, has not begun, or lives longer than an hour; 30 s are forgiven."""
    expires_s, issued_s = _seconds(payload, "exp"), _seconds(payload, "iat")
    begins_s = _seconds(payload, "nbf") if "nbf" in payload else issued_s
    if now_s > expires_s + LEEWAY_S:
        _refuse("token_expired", "the token has expired")
    if max(issued_s, begins_s) > now_s + LEEWAY_S:
        _refuse("token_early", "the token is not valid yet")
    if expires_s - issued_s > MAX_LIFETIME_S:
        _refuse("token_lifetime", "the token lives longer than an hour")


def _claims_of(payload: Mapping[str, Any], rules: TokenRules) -> TokenClaims:
    client = _text(payload, "azp")
    is_machine = client.startswith(MACHINE_PREFIX)
    if not is_machine and client not in rules.clients:
        _refuse("token_client", "the token was made for another client")
    session = None if payload.get("sid") is None else _text(payload, "sid")
    # A person without a session could not be logged out; a machine with one would be a person at a machine's client.
    if is_machine != (session is None):
        _refuse("token_session", "the token has no session, or has one and must not")
    access = payload.get("realm_access")
    roles = access.get("roles") if isinstance(access, dict) else None
    return TokenClaims(
        sub=_text(payload, "sub"),
        client=client,
        roles=frozenset(role for role in roles if isinstance(role, str)) if isinstance(roles, list) else frozenset(),
        session=session,
        acr=2 if payload.get("acr") == "2" else 1,
        authenticated_at_s=_seconds(payload, "auth_time") if "auth_time" in payload else None,
        email=_text_or_none(payload, "email"),
        given_name=_text_or_none(payload, "given_name") or "",
        family_name=_text_or_none(payload, "family_name") or "",
        email_verified=payload.get("email_verified") is True,
        expires_at_s=_seconds(payload, "exp"),
    )


def _text(payload: Mapping[str, Any], name: str) -> str:
    value = payload.get(name)
    if not isinstance(value, str) or not value:
        _refuse("token_claim", f"the token's claim {name} is no text")
    return value


def _text_or_none(payload: Mapping[str, Any], name: str) -> str | None:
    value = payload.get(name)
    return value if isinstance(value, str) else None


def _seconds(payload: Mapping[str, Any], name: str) -> int:
    value = payload.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        _refuse("token_claim", f"the token's claim {name} is no whole number")
    return value


def _refuse(code: str, message: str) -> NoReturn:
    raise BadToken(code, message)


class _Results:
    """Claims of tokens seen in the last minute, by the SHA-256 of the token; the oldest go first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[bytes, tuple[TokenClaims, int]] = OrderedDict()

    def get(self, digest: bytes, now_s: int) -> TokenClaims | None:
        kept = self._kept.get(digest)
        return kept[0] if kept is not None and now_s <= kept[1] else None

    def put(self, digest: bytes, claims: TokenClaims, until_s: int) -> None:
        with self._lock:
            self._kept[digest] = (claims, until_s)
            self._kept.move_to_end(digest)
            if len(self._kept) > MAX_RESULTS:
                self._kept.popitem(last=False)
