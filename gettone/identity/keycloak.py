"""The port to Keycloak's administration, through python-keycloak; tokens are never checked here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from keycloak import KeycloakAdmin, KeycloakOpenIDConnection
from keycloak.exceptions import KeycloakConnectionError, KeycloakError

from gettone.errors import InputError, Unreachable
from gettone.identity.keycloak_events import events_since
from gettone.identity.machines import machine_client
from gettone.identity.provider import AddressTaken, IdentityEvent, IdentitySession, IdentityUser, UnknownUser
from gettone.settings import Settings

VERIFY_LINK_S: Final = 43_200
_PASSWORD: Final = "password"  # noqa: S105  the name of a kind of credential
_TIMEOUT_S: Final = 10


def realm_connection(issuer: str, **credentials: Any) -> KeycloakOpenIDConnection:
    """A connection to the realm that an issuer names; InputError for one that is not Keycloak's."""
    parts = urlsplit(issuer)
    base, separator, realm = parts.path.rpartition("/realms/")
    if not separator or not realm:
        raise InputError("issuer_syntax", f"GETTONE_OIDC_ISSUER is {issuer!r}: Keycloak's ends in /realms/NAME")
    return KeycloakOpenIDConnection(
        server_url=f"{parts.scheme}://{parts.netloc}{base}", realm_name=realm, timeout=_TIMEOUT_S, **credentials
    )


def keycloak_of(settings: Settings) -> "KeycloakProvider":
    """The administration with the client and secret of the settings; MissingInput without them."""
    settings.require("oidc_issuer", "keycloak_admin_secret")
    secret = settings.keycloak_admin_secret
    return KeycloakProvider(
        realm_connection(
            settings.oidc_issuer or "",
            client_id=settings.keycloak_admin_client,
            client_secret_key="" if secret is None else secret.get_secret_value(),
        )
    )


@contextmanager
def asking() -> Iterator[None]:
    """Turn what python-keycloak raises within the block into refusals of the port."""
    try:
        yield
    except (KeycloakConnectionError, requests.RequestException) as failure:
        raise Unreachable("keycloak_down", f"Keycloak does not answer ({type(failure).__name__})") from None
    except KeycloakError as failure:
        if failure.response_code == 404:
            raise UnknownUser from None
        if failure.response_code == 409:
            raise AddressTaken from None
        raise Unreachable("keycloak_refused", f"Keycloak refused with status {failure.response_code}") from None


class KeycloakProvider:
    """IdentityProvider over the admin REST interface of a realm."""

    def __init__(self, connection: KeycloakOpenIDConnection) -> None:
        """Administer the realm of `connection`, whose client has the rights of the specification's §2."""
        self._connection = connection
        self._admin = KeycloakAdmin(connection=connection)
        self._base = f"/admin/realms/{connection.realm_name}"

    def create_user(self, email: str, given_name: str, family_name: str, password: str) -> str:
        """The `sub` of a new user whose address counts as confirmed; AddressTaken for a known address."""
        user = {
            "username": email,
            "email": email,
            "firstName": given_name,
            "lastName": family_name,
            "enabled": True,
            "emailVerified": True,
            "credentials": [{"type": _PASSWORD, "value": password, "temporary": False}],
        }
        with asking():
            return str(self._admin.create_user(user))

    def user(self, sub: str) -> IdentityUser | None:
        """The user of that `sub`, None when there is none."""
        try:
            with asking():
                return _user(self._admin.get_user(sub))
        except UnknownUser:
            return None

    def users(self, search: str, *, first: int, limit: int) -> list[IdentityUser]:
        """Users whose address or name contains `search`, from number `first`, at most `limit`."""
        with asking():
            found = self._admin.get_users({"search": search, "first": first, "max": limit})
        return [_user(one) for one in found]

    def set_enabled(self, sub: str, *, is_enabled: bool) -> None:
        """Allow or forbid a user to log in; a user who is forbidden also loses the sessions."""
        with asking():
            self._admin.update_user(sub, {"enabled": is_enabled})
            if not is_enabled:
                self._admin.user_logout(sub)

    def send_verify_email(self, sub: str, client: str, redirect_uri: str) -> None:
        """Mail the link that confirms the address again, valid for 12 h."""
        query = {"client_id": client, "redirect_uri": redirect_uri, "lifespan": VERIFY_LINK_S}
        with asking():
            self._send("put", f"/users/{sub}/send-verify-email", params=query)

    def roles_of(self, sub: str) -> frozenset[str]:
        """The realm roles of a user, those of every user among them."""
        with asking():
            return frozenset(role["name"] for role in self._admin.get_composite_realm_roles_of_user(sub))

    def grant_role(self, sub: str, role: str) -> None:
        """Give a user a realm role."""
        with asking():
            self._admin.assign_realm_roles(sub, [self._admin.get_realm_role(role)])

    def revoke_role(self, sub: str, role: str) -> None:
        """Take a realm role from a user."""
        with asking():
            self._admin.delete_realm_roles_of_user(sub, [self._admin.get_realm_role(role)])

    def sessions_of(self, sub: str) -> list[IdentitySession]:
        """The live sessions of a user."""
        with asking():
            found = self._admin.get_sessions(sub)
        return [IdentitySession(one["id"], int(one["start"]), int(one["lastAccess"])) for one in found]

    def end_session(self, session: str) -> None:
        """End one session in all applications; one that has ended is no error."""
        try:
            with asking():
                self._send("delete", f"/sessions/{session}")
        except UnknownUser:
            return

    def end_sessions_of(self, sub: str) -> None:
        """End all sessions of a user."""
        with asking():
            self._admin.user_logout(sub)

    def remove_second_factors(self, sub: str) -> None:
        """Remove every credential of a user but the password."""
        with asking():
            for credential in self._admin.get_credentials(sub):
                if credential["type"] != _PASSWORD:
                    self._admin.delete_credential(sub, credential["id"])

    def delete_user(self, sub: str) -> None:
        """Delete a user; one that is gone is no error."""
        try:
            with asking():
                self._admin.delete_user(sub)
        except UnknownUser:
            return

    def register_machine(self, client: str, key: Mapping[str, Any] | None) -> str | None:
        """Register or renew the machine client `mc-*`; its new secret, or None where it signs with the JWK `key`."""
        wanted = machine_client(client, key)
        with asking():
            known = self._admin.get_client_id(client)
            if known is None:
                known = self._admin.create_client(wanted)
            else:
                self._admin.update_client(known, wanted)
            return None if key is not None else str(self._admin.generate_client_secrets(known)["value"])

    def remove_machine(self, client: str) -> None:
        """Remove a machine client; one that is gone is no error."""
        with asking():
            known = self._admin.get_client_id(machine_client(client, None)["clientId"])
            if known is not None:
                self._admin.delete_client(known)

    def events_since(self, at_ms: int) -> Iterator[IdentityEvent]:
        """What happened to users at or after `at_ms` [unix ms], oldest first."""
        with asking():
            return iter(events_since(self._page, at_ms))

    def _page(self, path: str, query: Mapping[str, Any]) -> list[dict[str, Any]]:
        answer = self._send("get", path, params=dict(query))
        return list(answer.json())

    def _send(self, verb: str, path: str, **named: Any) -> requests.Response:
        """A request that python-keycloak has no method for."""
        data = () if verb == "get" else ("",)
        answer: requests.Response = getattr(self._connection, f"raw_{verb}")(
            self._base + path, *data, **named.pop("params", {})
        )
        if answer.status_code >= 400:
            raise KeycloakError(response_code=answer.status_code)
        return answer


def _user(raw: Mapping[str, Any]) -> IdentityUser:
    return IdentityUser(
        sub=raw["id"],
        email=raw.get("email", ""),
        given_name=raw.get("firstName", ""),
        family_name=raw.get("lastName", ""),
        is_enabled=bool(raw["enabled"]),
        email_verified=bool(raw.get("emailVerified", False)),
        created_ms=int(raw["createdTimestamp"]),
    )
