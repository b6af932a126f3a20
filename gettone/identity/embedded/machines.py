"""Machine clients of the demonstration's provider: a secret, or assertions signed with their own key (F12)."""

import hmac
import secrets
from collections.abc import Mapping
from typing import Any, Final

import jwt

from gettone.identity.embedded.realm import MACHINE, EmbeddedRealm
from gettone.identity.embedded.sessions import hashed_ticket
from gettone.identity.embedded.store import Transaction
from gettone.identity.machines import machine_client

ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MAX_ASSERTION_S: Final = 300
ADMIN_CLIENT: Final = "gettone-admin"
_SEEN: Final = "assertion"


def register(db: Transaction, client: str, key: Mapping[str, Any] | None) -> str | None:
    """Register or renew a machine client; its secret, or None where it signs."""
    machine_client(client, key)
    if key is not None:
        db.put(MACHINE, client, {"key": dict(key)})
        return None
    secret = secrets.token_urlsafe(32)
    db.put(MACHINE, client, {"secret": hashed_ticket(secret)})
    return secret


def renew_admin_secret(db: Transaction) -> str:
    """A new secret of the client that administers the provider over HTTP, as Keycloak is administered."""
    secret = secrets.token_urlsafe(32)
    db.put(MACHINE, ADMIN_CLIENT, {"secret": hashed_ticket(secret)})
    return secret


def authenticated_client(realm: EmbeddedRealm, db: Transaction, form: Mapping[str, str]) -> str | None:
    """The client that a token request is of, by secret or assertion; None when it proves nothing."""
    if form.get("client_assertion_type") == ASSERTION:
        return _by_assertion(realm, db, form.get("client_assertion", ""))
    client = form.get("client_id", "")
    doc = db.get(MACHINE, client)
    if doc is None or "secret" not in doc:
        return None
    given = hashed_ticket(form.get("client_secret", ""))
    return client if hmac.compare_digest(given, doc["secret"]) else None


def _by_assertion(realm: EmbeddedRealm, db: Transaction, assertion: str) -> str | None:
    try:
        client = jwt.decode(assertion, options={"verify_signature": False}).get("iss", "")
        doc = db.get(MACHINE, client)
        if doc is None or "key" not in doc:
            return None
        claims = jwt.decode(
            assertion,
            jwt.PyJWK(doc["key"], "RS256"),
            algorithms=["RS256"],
            audience=[realm.issuer, f"{realm.issuer}/protocol/openid-connect/token"],
            issuer=client,
            options={"require": ["iss", "sub", "aud", "exp", "jti"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    too_long = claims["exp"] - realm.now_s > MAX_ASSERTION_S
    seen = f"{client} {claims['jti']}"
    if claims["sub"] != client or too_long or db.get(_SEEN, seen) is not None:
        return None
    db.put(_SEEN, seen, {}, expires_s=int(claims["exp"]) + 60)
    return str(client)
