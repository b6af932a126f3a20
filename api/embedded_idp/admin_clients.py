"""Keycloak's administration, continued: second factors, machine clients and events."""

import json
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from api.embedded_idp.admin import BASE, Admin, Document, known
from api.embedded_idp.visits import realm_of, transaction_of
from gettone.errors import InputError
from gettone.identity.embedded.realm import MACHINE
from gettone.identity.provider import IdentityEventKind

router = APIRouter(include_in_schema=False)
_TYPES = {
    IdentityEventKind.REGISTERED: "REGISTER",
    IdentityEventKind.EMAIL_VERIFIED: "VERIFY_EMAIL",
    IdentityEventKind.EMAIL_CHANGED: "UPDATE_EMAIL",
    IdentityEventKind.PASSWORD_CHANGED: "UPDATE_PASSWORD",
    IdentityEventKind.DELETED_BY_USER: "DELETE_ACCOUNT",
}


@router.get(f"{BASE}/users/{{sub}}/credentials")
def credentials(admin: Admin, request: Request, sub: str) -> list[dict[str, Any]]:
    """Password, authenticator and recovery codes of a user, by kind."""
    known(admin, sub)
    realm = realm_of(request)
    with transaction_of(realm) as db:
        person = realm.people(db).by_sub(sub)
    if person is None:
        raise HTTPException(404)
    kinds = {
        "password": person.password,
        "otp": person.totp_secret,
        "recovery-authn-codes": person.recovery_codes,
    }
    return [{"id": kind, "type": kind} for kind, value in kinds.items() if value]


@router.delete(f"{BASE}/users/{{sub}}/credentials/{{kind}}", status_code=204)
def delete_credential(admin: Admin, sub: str, kind: str) -> None:
    """Remove the second factors of a user, which go together here; a password cannot be removed."""
    known(admin, sub)
    if kind not in ("otp", "recovery-authn-codes"):
        raise HTTPException(404)
    admin.remove_second_factors(sub)


@router.get(f"{BASE}/clients")
def clients(_admin: Admin, request: Request, clientId: str = "") -> list[dict[str, Any]]:  # noqa: N803  Keycloak's name
    """Machine clients, by id."""
    with transaction_of(realm_of(request)) as db:
        return [{"id": one, "clientId": one} for one in db.all_of(MACHINE) if clientId in ("", one)]


@router.post(f"{BASE}/clients", status_code=201)
def create_client(admin: Admin, request: Request, client: Document) -> Response:
    """A new machine client."""
    name = _registered(admin, client)
    return Response(status_code=201, headers={"location": f"{realm_of(request).base_url}{BASE}/clients/{name}"})


@router.put(f"{BASE}/clients/{{name}}", status_code=204)
def change_client(admin: Admin, name: str, client: Document) -> None:
    """Set a machine client again."""
    _registered(admin, {**client, "clientId": name})


@router.post(f"{BASE}/clients/{{name}}/client-secret")
def renew_secret(admin: Admin, name: str) -> dict[str, Any]:
    """A new secret of a machine client."""
    try:
        return {"type": "secret", "value": admin.register_machine(name, None)}
    except InputError:
        raise HTTPException(404) from None


@router.delete(f"{BASE}/clients/{{name}}", status_code=204)
def delete_client(admin: Admin, name: str) -> None:
    """Remove a machine client."""
    try:
        admin.remove_machine(name)
    except InputError:
        raise HTTPException(404) from None


@router.get(f"{BASE}/events")
def events(admin: Admin, first: int = 0, max: int = 100) -> list[dict[str, Any]]:  # noqa: A002  Keycloak's name
    """What people did, the newest first."""
    found = [
        {
            "id": event.event_id,
            "time": event.at_ms,
            "type": _TYPES[event.kind],
            "userId": event.sub,
            "sessionId": event.session,
        }
        for event in admin.events_since(0)
        if event.kind in _TYPES
    ]
    return found[::-1][first : first + max]


@router.get(f"{BASE}/admin-events")
def admin_events(admin: Admin, first: int = 0, max: int = 100) -> list[dict[str, Any]]:  # noqa: A002  Keycloak's name
    """Users that the administration deleted, the newest first."""
    found = [
        {
            "id": event.event_id,
            "time": event.at_ms,
            "operationType": "DELETE",
            "resourceType": "USER",
            "resourcePath": f"users/{event.sub}",
        }
        for event in admin.events_since(0)
        if event.kind is IdentityEventKind.DELETED_BY_ADMIN
    ]
    return found[::-1][first : first + max]


def _registered(admin: Admin, client: dict[str, Any]) -> str:
    attributes, name = client.get("attributes", {}), str(client.get("clientId"))
    keys = json.loads(attributes["jwks.string"])["keys"] if "jwks.string" in attributes else [None]
    try:
        admin.register_machine(name, keys[0])
    except InputError:
        raise HTTPException(400) from None
    return name
