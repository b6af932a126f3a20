"""Tokens with Keycloak's claims (§4), and the messages that end sessions at applications (F7)."""

import logging
import uuid
from typing import Any, Final

import httpx2

from gettone.identity.embedded.keys import signed
from gettone.identity.embedded.people import Person
from gettone.identity.embedded.realm import EmbeddedRealm
from gettone.identity.embedded.sessions import Session
from gettone.identity.embedded.store import Transaction
from gettone.identity.rules import MACHINE_PREFIX

ADMIN_AUDIENCE: Final = "realm-management"
LOGOUT_TOKEN_S: Final = 120
_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_POST_TIMEOUT_S: Final = 2.0
_log = logging.getLogger(__name__)


def person_tokens(
    realm: EmbeddedRealm, db: Transaction, person: Person, session: Session, client: str, nonce: str | None
) -> dict[str, Any]:
    """Access and ID token of a person at a client; the refresh token is added by the caller."""
    lifespan_s = int(realm.settings["accessTokenLifespan"])
    about = _about(person) | {
        "sid": session.sid,
        "acr": str(session.level),
        "auth_time": max(session.authenticated_s, session.second_factor_s or 0),
    }
    known = realm.clients[client]
    access = _base(realm, person.sub, client, "Bearer") | about
    access |= {
        "aud": "gettone-api",
        "realm_access": {"roles": sorted(set(person.roles) & known.roles)},
        "allowed-origins": [] if known.origin is None else [known.origin],
        "scope": "openid profile email",
    }
    identity = _base(realm, person.sub, client, "ID") | about | {"aud": client}
    if nonce is not None:
        identity["nonce"] = nonce
    return {
        "access_token": signed(db, access),
        "id_token": signed(db, identity),
        "token_type": "Bearer",
        "expires_in": lifespan_s,
        "session_state": session.sid,
        "scope": "openid profile email",
    }


def machine_tokens(realm: EmbeddedRealm, db: Transaction, client: str) -> dict[str, Any]:
    """The access token of a machine client: no session, no refresh token."""
    sub = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{realm.issuer}/{client}"))
    # Who administers the provider is no caller of the API.
    audience = "gettone-api" if client.startswith(MACHINE_PREFIX) else ADMIN_AUDIENCE
    access = _base(realm, sub, client, "Bearer") | {"aud": audience, "acr": "1", "client_id": client}
    return {
        "access_token": signed(db, access),
        "token_type": "Bearer",
        "expires_in": int(realm.settings["accessTokenLifespan"]),
        "scope": "profile email",
    }


def logout_messages(realm: EmbeddedRealm, db: Transaction, session: Session) -> list[tuple[str, str]]:
    """Address and logout token for each client of a session that ended."""
    messages = []
    for client in session.clients:
        url = realm.clients[client].logout_url
        if url is not None:
            now_s = realm.now_s
            payload = {
                "iss": realm.issuer,
                "aud": client,
                "typ": "Logout",
                "jti": str(uuid.uuid4()),
                "sub": session.sub,
                "sid": session.sid,
                "iat": now_s,
                "exp": now_s + LOGOUT_TOKEN_S,
                "events": {_EVENT: {}},
            }
            messages.append((url, signed(db, payload, "logout+jwt")))
    return messages


def send_logouts(messages: list[tuple[str, str]]) -> None:
    """Post logout tokens to applications; one that does not answer is logged, as its tokens end soon."""
    if not messages:
        return
    with httpx2.Client(timeout=_POST_TIMEOUT_S, follow_redirects=False) as http:
        for url, token in messages:
            try:
                http.post(url, data={"logout_token": token})
            except httpx2.HTTPError as failure:
                _log.warning("an application was not told of a logout (%s)", type(failure).__name__)


def _about(person: Person) -> dict[str, Any]:
    return {
        "email": person.email,
        "email_verified": person.email_verified,
        "preferred_username": person.email,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "name": f"{person.given_name} {person.family_name}".strip(),
    }


def _base(realm: EmbeddedRealm, sub: str, client: str, kind: str) -> dict[str, Any]:
    now_s = realm.now_s
    return {
        "iss": realm.issuer,
        "sub": sub,
        "azp": client,
        "typ": kind,
        "jti": str(uuid.uuid4()),
        "iat": now_s,
        "exp": now_s + int(realm.settings["accessTokenLifespan"]),
    }


def userinfo(person: Person) -> dict[str, Any]:
    """What the endpoint userinfo tells of a person."""
    return {"sub": person.sub, **_about(person)}
