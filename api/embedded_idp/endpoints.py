"""The endpoints that programs call: discovery, keys, tokens, userinfo, revocation, the start of a device."""

import base64
import binascii
import hmac
from functools import partial
from typing import Any, Final
from urllib.parse import unquote_plus

import jwt
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from api.embedded_idp.login import OIDC
from api.embedded_idp.visits import form_of, realm_of, transaction_of
from gettone.identity.embedded.devices import start_device
from gettone.identity.embedded.grants import GrantRefused, tokens_for
from gettone.identity.embedded.keys import key_set
from gettone.identity.embedded.realm import EmbeddedRealm
from gettone.identity.embedded.sessions import Sessions
from gettone.identity.embedded.tokens import userinfo

router = APIRouter(include_in_schema=False)
_NO_STORE: Final = {"cache-control": "no-store"}


@router.get("/realms/gettone/.well-known/openid-configuration")
def discovery(request: Request) -> dict[str, Any]:
    """What an application needs to know of the provider."""
    issuer = realm_of(request).issuer
    base = f"{issuer}/protocol/openid-connect"
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{base}/auth",
        "token_endpoint": f"{base}/token",
        "userinfo_endpoint": f"{base}/userinfo",
        "end_session_endpoint": f"{base}/logout",
        "revocation_endpoint": f"{base}/revoke",
        "device_authorization_endpoint": f"{base}/auth/device",
        "jwks_uri": f"{base}/certs",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [
            "authorization_code",
            "refresh_token",
            "client_credentials",
            "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": [
            "none",
            "client_secret_post",
            "client_secret_basic",
            "private_key_jwt",
        ],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "acr_values_supported": ["1", "2"],
        "scopes_supported": ["openid", "profile", "email"],
        "prompt_values_supported": ["none", "login", "create"],
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "authorization_response_iss_parameter_supported": True,
    }


@router.get(f"{OIDC}/certs")
def certs(request: Request) -> dict[str, Any]:
    """The public keys."""
    with transaction_of(realm_of(request)) as db:
        return key_set(db)


@router.post(f"{OIDC}/token")
async def token(request: Request) -> Response:
    """Codes, refresh tokens, device codes and machine credentials against tokens."""
    form = _with_basic(request, await form_of(request))
    return await run_in_threadpool(partial(_token, realm_of(request), form))


def _with_basic(request: Request, form: dict[str, str]) -> dict[str, str]:
    """A form with the client's credentials of the header, where they are given there."""
    scheme, _, coded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form
    try:
        client, _, secret = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return form
    return {**form, "client_id": unquote_plus(client), "client_secret": unquote_plus(secret)}


def _token(realm: EmbeddedRealm, form: dict[str, str]) -> Response:
    with transaction_of(realm) as db:
        try:
            return JSONResponse(tokens_for(realm, db, form), headers=_NO_STORE)
        except GrantRefused as refusal:
            # What a refusal has changed stays: a used code is used, and a session that was stolen is ended.
            return JSONResponse({"error": refusal.error}, refusal.status, _NO_STORE)


@router.post(f"{OIDC}/auth/device")
async def device_authorization(request: Request) -> Response:
    """A command line wants to log in."""
    client, realm = (await form_of(request)).get("client_id", ""), realm_of(request)
    known = realm.clients.get(client)
    if known is None or not known.has_device_flow:
        return JSONResponse({"error": "unauthorized_client"}, 400, _NO_STORE)

    def start() -> dict[str, Any]:
        with transaction_of(realm) as db:
            return start_device(realm, db, client)

    return JSONResponse(await run_in_threadpool(start), headers=_NO_STORE)


@router.post(f"{OIDC}/revoke")
async def revoke(request: Request) -> Response:
    """End the session of a refresh token; an unknown one is no error (RFC 7009)."""
    form, realm = await form_of(request), realm_of(request)

    def end() -> None:
        with transaction_of(realm) as db:
            Sessions(realm, db).revoke_refresh(form.get("token", ""), form.get("client_id", ""))

    await run_in_threadpool(end)
    return Response(status_code=200)


@router.get(f"{OIDC}/userinfo")
def about(request: Request) -> Response:
    """The person of an access token whose session lives."""
    realm = realm_of(request)
    scheme, _, access = request.headers.get("authorization", "").partition(" ")
    with transaction_of(realm) as db:
        claims = _claims(access, key_set(db), realm.issuer) if scheme.lower() == "bearer" else {}
        session = Sessions(realm, db).live(str(claims.get("sid", "")))
        person = None if session is None else realm.people(db).by_sub(session.sub)
    if person is None:
        return JSONResponse({"error": "invalid_token"}, 401, {"www-authenticate": 'Bearer error="invalid_token"'})
    return JSONResponse(userinfo(person), headers=_NO_STORE)


def _claims(token: str, keys: dict[str, Any], issuer: str) -> dict[str, Any]:
    try:
        key_id = jwt.get_unverified_header(token).get("kid")
        key = next(one for one in keys["keys"] if hmac.compare_digest(one["kid"], str(key_id)))
        return dict(jwt.decode(token, jwt.PyJWK(key), ["RS256"], audience="gettone-api", issuer=issuer))
    except (jwt.PyJWTError, StopIteration, ValueError):
        return {}
