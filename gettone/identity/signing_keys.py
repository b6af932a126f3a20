"""The keys with which the identity provider signs, fetched seldom and kept when it is down (specification §4).

A bare key client asks the provider for every key id it does not know, so that anybody can make it ask, and loses
its keys when an answer fails.  Here a set lives 300 s, unknown ids cause one fetch in 30 s, and a set that cannot
be renewed serves for 24 h.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import httpx2
import jwt

from gettone.errors import InputError, Unreachable
from gettone.identity.claims import BadToken

LIFETIME_S: Final = 300
UNKNOWN_KEY_PAUSE_S: Final = 30
RETRY_PAUSE_S: Final = 2
LAST_GOOD_S: Final = 24 * 3600

_FETCH_TIMEOUT_S: Final = 3.0
_MAX_BYTES: Final = 256 * 1024
_MIN_RSA_BITS: Final = 2048
_log = logging.getLogger(__name__)

# Gives the provider's JWK set as parsed JSON; Unreachable or InputError when there is none.
FetchKeys = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _KeySet:
    keys: Mapping[str, jwt.PyJWK]
    fetched_s: int


class SigningKeys:
    """The provider's public keys by id; shared by all threads of a process."""

    def __init__(self, fetch: FetchKeys, algorithms: frozenset[str], clock_s: Callable[[], int]) -> None:
        self._fetch = fetch
        self._algorithms = algorithms
        self._clock_s = clock_s
        self._lock = Lock()
        self._set: _KeySet | None = None
        self._tried_s = self._unknown_s = -LAST_GOOD_S

    def key_of(self, key_id: str) -> jwt.PyJWK:
        """The key of that id; BadToken for an unknown one, Unreachable while no set is known or the last is too old."""
        now_s = self._clock_s()
        current = self._current(now_s)
        if key_id not in current.keys:
            current = self._after_unknown(now_s, current)
        if key_id not in current.keys:
            raise BadToken("token_key", "the token names a key that the identity provider does not publish")
        return current.keys[key_id]

    def age_s(self) -> int:
        """Seconds since the set in use was fetched, renewed first where its time has come; Unreachable without one."""
        now_s = self._clock_s()
        return now_s - self._current(now_s).fetched_s

    def _current(self, now_s: int) -> _KeySet:
        """A set that may be used: fresh, renewed now, or the last good one."""
        known = self._set
        if known is not None and now_s - known.fetched_s < LIFETIME_S:
            return known
        # Who finds somebody else fetching goes on with the old set; who has none waits for the answer.
        if self._lock.acquire(blocking=known is None):
            try:
                pause_s = RETRY_PAUSE_S if self._set is None else UNKNOWN_KEY_PAUSE_S
                if self._set is known and now_s - self._tried_s >= pause_s:
                    self._renew(now_s)
            finally:
                self._lock.release()
        usable = self._set
        if usable is None or now_s - usable.fetched_s > LAST_GOOD_S:
            raise Unreachable("identity_provider_down", "no keys of the identity provider are known: try again soon")
        return usable

    def _after_unknown(self, now_s: int, known: _KeySet) -> _KeySet:
        """The set after an id that is not in it: fetched again, but for everybody together once in 30 s."""
        with self._lock:
            if self._set is known and now_s - self._unknown_s >= UNKNOWN_KEY_PAUSE_S:
                self._unknown_s = now_s
                self._renew(now_s)
            return self._set or known

    def _renew(self, now_s: int) -> None:
        self._tried_s = now_s
        try:
            keys = usable_keys(self._fetch(), self._algorithms)
        except (Unreachable, InputError) as failure:
            _log.warning("keys of the identity provider were not renewed: %s", failure.message)
            return
        self._set = _KeySet(keys, now_s)


def usable_keys(document: Mapping[str, Any], algorithms: frozenset[str]) -> dict[str, jwt.PyJWK]:
    """The signing keys of a JWK set for one of `algorithms`, by id; InputError when there is none.

    Keys for encryption, symmetric keys, short RSA keys and keys without id are passed over.
    """
    listed = document.get("keys")
    found: dict[str, jwt.PyJWK] = {}
    for raw in listed if isinstance(listed, list) else []:
        key = _usable(raw, algorithms)
        if key is not None:
            found.setdefault(raw["kid"], key)
    if not found:
        raise InputError("jwks_empty", f"the identity provider publishes no key for {', '.join(sorted(algorithms))}")
    return found


def _usable(raw: Any, algorithms: frozenset[str]) -> jwt.PyJWK | None:
    if not isinstance(raw, dict) or not isinstance(raw.get("kid"), str) or raw.get("use", "sig") != "sig":
        return None
    if raw.get("kty") not in ("RSA", "EC"):
        return None
    try:
        key = jwt.PyJWK(raw)
    except jwt.PyJWTError:
        return None
    if key.algorithm_name not in algorithms:
        return None
    return None if raw["kty"] == "RSA" and key.key.key_size < _MIN_RSA_BITS else key


def keys_over_http(url: str) -> FetchKeys:
    """A fetch of the JWK set at `url`: three seconds, no redirects, at most 256 KiB."""

    def fetch() -> Mapping[str, Any]:
        try:
            answer = httpx2.get(url, timeout=_FETCH_TIMEOUT_S, follow_redirects=False)
            answer.raise_for_status()
            if len(answer.content) > _MAX_BYTES:
                raise InputError("jwks_large", "the identity provider's key set has more than 256 KiB")
            document = answer.json()
        except (httpx2.HTTPError, ValueError) as failure:
            raise Unreachable(
                "identity_provider_down", f"the identity provider gives no keys ({type(failure).__name__})"
            ) from None
        if not isinstance(document, dict):
            raise InputError("jwks_syntax", "the identity provider's key set is not a JSON object")
        return document

    return fetch
