"""The part of Keycloak's administration that the specification's §2 uses, so that its adapter runs here unchanged."""

from typing import Annotated, Any, Final

import jwt
from fastapi import APIRouter, Body, Depends, HTTPException, Request, Response

from api.embedded_idp.visits import realm_of, transaction_of
from gettone.identity.embedded.keys import key_set
from gettone.identity.embedded.machines import ADMIN_CLIENT
from gettone.identity.embedded.provider import EmbeddedProvider
from gettone.identity.embedded.tokens import ADMIN_AUDIENCE
from gettone.identity.provider import AddressTaken, IdentityUser, UnknownUser

BASE: Final = "/admin/realms/gettone"
Document = Annotated[dict[str, Any], Body()]


def administration(request: Request) -> EmbeddedProvider:
    """The provider, for a bearer of a token of the administrating client; 401 for anybody else."""
    realm = realm_of(request)
    token = request.headers.get("authorization", "").partition(" ")[2]
    with transaction_of(realm) as db:
        keys = {one["kid"]: one for one in key_set(db)["keys"]}
    try:
        key = jwt.PyJWK(keys[str(jwt.get_unverified_header(token).get("kid"))])
        claims = jwt.decode(token, key, ["RS256"], audience=ADMIN_AUDIENCE, issuer=realm.issuer)
    except (jwt.PyJWTError, KeyError):
        raise HTTPException(401) from None
    if claims.get("azp") != ADMIN_CLIENT:
        raise HTTPException(403)
    return EmbeddedProvider(realm)


Admin = Annotated[EmbeddedProvider, Depends(administration)]
router = APIRouter(include_in_schema=False)


def known(admin: EmbeddedProvider, sub: str) -> IdentityUser:
    """The user of that `sub`; 404 without one."""
    found = admin.user(sub)
    if found is None:
        raise HTTPException(404)
    return found


@router.get(f"{BASE}/users")
def users(admin: Admin, search: str = "", first: int = 0, max: int = 100) -> list[dict[str, Any]]:  # noqa: A002  Keycloak's name
    """Users by a part of address or name."""
    return [_user(one) for one in admin.users(search, first=first, limit=max)]


@router.post(f"{BASE}/users", status_code=201)
def create_user(admin: Admin, request: Request, user: Document) -> Response:
    """A new user with a confirmed address."""
    password = next((one["value"] for one in user.get("credentials", []) if one.get("type") == "password"), "")
    try:
        sub = admin.create_user(user["email"], user.get("firstName", ""), user.get("lastName", ""), password)
    except AddressTaken:
        raise HTTPException(409) from None
    return Response(status_code=201, headers={"location": f"{realm_of(request).base_url}{BASE}/users/{sub}"})


@router.get(f"{BASE}/users/{{sub}}")
def user(admin: Admin, sub: str) -> dict[str, Any]:
    """One user."""
    return _user(known(admin, sub))


@router.put(f"{BASE}/users/{{sub}}", status_code=204)
def change_user(admin: Admin, sub: str, changed: Document) -> None:
    """Allow or forbid a user to log in."""
    known(admin, sub)
    if "enabled" in changed:
        admin.set_enabled(sub, is_enabled=bool(changed["enabled"]))


@router.delete(f"{BASE}/users/{{sub}}", status_code=204)
def delete_user(admin: Admin, sub: str) -> None:
    """Delete a user."""
    known(admin, sub)
    admin.delete_user(sub)


@router.put(f"{BASE}/users/{{sub}}/send-verify-email", status_code=204)
def send_verify_email(admin: Admin, sub: str, client_id: str, redirect_uri: str) -> None:
    """Mail the link that confirms the address again."""
    known(admin, sub)
    admin.send_verify_email(sub, client_id, redirect_uri)


@router.get(f"{BASE}/roles/{{name}}")
def role(admin: Admin, request: Request, name: str) -> dict[str, Any]:
    """A realm role."""
    if name not in realm_of(request).role_names:
        raise HTTPException(404)
    return {"id": name, "name": name}


@router.get(f"{BASE}/users/{{sub}}/role-mappings/realm")
@router.get(f"{BASE}/users/{{sub}}/role-mappings/realm/composite")
def roles(admin: Admin, sub: str) -> list[dict[str, Any]]:
    """The realm roles of a user."""
    known(admin, sub)
    return [{"id": name, "name": name} for name in sorted(admin.roles_of(sub))]


@router.post(f"{BASE}/users/{{sub}}/role-mappings/realm", status_code=204)
def grant_roles(admin: Admin, sub: str, given: Annotated[list[dict[str, Any]], Body()]) -> None:
    """Give realm roles."""
    known(admin, sub)
    try:
        for one in given:
            admin.grant_role(sub, one["name"])
    except UnknownUser:
        raise HTTPException(404) from None


@router.delete(f"{BASE}/users/{{sub}}/role-mappings/realm", status_code=204)
def revoke_roles(admin: Admin, sub: str, taken: Annotated[list[dict[str, Any]], Body()]) -> None:
    """Take realm roles."""
    known(admin, sub)
    for one in taken:
        admin.revoke_role(sub, one["name"])


@router.get(f"{BASE}/users/{{sub}}/sessions")
def sessions(admin: Admin, sub: str) -> list[dict[str, Any]]:
    """The live sessions of a user."""
    known(admin, sub)
    return [
        {"id": one.session, "userId": sub, "start": one.started_ms, "lastAccess": one.last_used_ms}
        for one in admin.sessions_of(sub)
    ]


@router.delete(f"{BASE}/sessions/{{sid}}", status_code=204)
def end_session(admin: Admin, sid: str) -> None:
    """End a session."""
    admin.end_session(sid)


@router.post(f"{BASE}/users/{{sub}}/logout", status_code=204)
def log_out(admin: Admin, sub: str) -> None:
    """End all sessions of a user."""
    known(admin, sub)
    admin.end_sessions_of(sub)


def _user(found: IdentityUser) -> dict[str, Any]:
    return {
        "id": found.sub,
        "username": found.email,
        "email": found.email,
        "firstName": found.given_name,
        "lastName": found.family_name,
        "enabled": found.is_enabled,
        "emailVerified": found.email_verified,
        "createdTimestamp": found.created_ms,
    }
