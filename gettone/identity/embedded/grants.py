"""The token endpoint: what is exchanged for tokens (RFC 6749, 7636, 8628)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from gettone.identity.embedded.devices import redeem_device
from gettone.identity.embedded.login import CODE
from gettone.identity.embedded.machines import authenticated_client
from gettone.identity.embedded.realm import EmbeddedRealm
from gettone.identity.embedded.sessions import Session, Sessions, hashed_ticket
from gettone.identity.embedded.store import Transaction
from gettone.identity.embedded.tokens import machine_tokens, person_tokens


class GrantRefused(Exception):
    """An error of the token endpoint: its code by RFC 6749, and the status."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


def tokens_for(realm: EmbeddedRealm, db: Transaction, form: Mapping[str, str]) -> dict[str, Any]:
    """The answer to a token request; GrantRefused when nothing is given for it."""
    grant = form.get("grant_type", "")
    if grant == "client_credentials":
        machine = authenticated_client(realm, db, form)
        if machine is None:
            raise GrantRefused("invalid_client", 401)
        return machine_tokens(realm, db, machine)
    client = form.get("client_id", "")
    if client not in realm.clients:
        raise GrantRefused("invalid_client", 401)
    if grant == "authorization_code":
        return _for_code(realm, db, client, form)
    if grant == "refresh_token":
        found = Sessions(realm, db).use_refresh(form.get("refresh_token", ""), client)
        if found is None:
            raise GrantRefused("invalid_grant")
        return _for_session(realm, db, found[0], client, None)
    if grant == "urn:ietf:params:oauth:grant-type:device_code":
        return _for_device(realm, db, client, form)
    raise GrantRefused("unsupported_grant_type")


def _for_code(realm: EmbeddedRealm, db: Transaction, client: str, form: Mapping[str, str]) -> dict[str, Any]:
    key = hashed_ticket(form.get("code", ""))
    doc = db.get(CODE, key)
    db.delete(CODE, key)
    if doc is None or doc["client"] != client or doc["redirect_uri"] != form.get("redirect_uri"):
        raise GrantRefused("invalid_grant")
    if not hmac.compare_digest(_challenge(form.get("code_verifier", "")), doc["challenge"]):
        raise GrantRefused("invalid_grant")
    session = Sessions(realm, db).live(doc["sid"])
    if session is None:
        raise GrantRefused("invalid_grant")
    return _for_session(realm, db, session, client, doc["nonce"])


def _for_device(realm: EmbeddedRealm, db: Transaction, client: str, form: Mapping[str, str]) -> dict[str, Any]:
    sid = redeem_device(db, form.get("device_code", ""), client)
    if sid.startswith(":"):
        raise GrantRefused(sid[1:])
    session = Sessions(realm, db).live(sid)
    if session is None:
        raise GrantRefused("expired_token")
    return _for_session(realm, db, session, client, None)


def _for_session(
    realm: EmbeddedRealm, db: Transaction, session: Session, client: str, nonce: str | None
) -> dict[str, Any]:
    person = realm.people(db).by_sub(session.sub)
    if person is None or not person.is_enabled:
        raise GrantRefused("invalid_grant")
    refresh = Sessions(realm, db).refresh_ticket(session, client, nonce)
    idle_s = int(realm.settings["ssoSessionIdleTimeout"])
    return {
        **person_tokens(realm, db, person, session, client, nonce),
        "refresh_token": refresh,
        "refresh_expires_in": idle_s,
    }


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
