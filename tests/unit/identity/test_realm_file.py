"""The committed realm file: what the specification's §2 says of it, and its traps."""

import json
from typing import Any

import pytest

from gettone.errors import InputError
from gettone.identity.realm.export import realm_document, realm_text

pytestmark = pytest.mark.unit
REALM = realm_document({})
CLIENTS = {one["clientId"]: one for one in REALM["clients"]}
ROLES = {"platform-admin", "community-admin", "oracle-admin", "token-admin", "member", "auditor"}
CALLERS = ("gettone-dapp", "gettone-auditor", "gettone-cli")


@pytest.mark.parametrize("name", ["clientScopes", "authenticationFlows", "requiredActions"])
def test_realm__lists_that_would_replace_keycloaks__are_absent(name: str) -> None:
    assert name not in REALM


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("registrationAllowed", True),
        ("registrationEmailAsUsername", True),
        ("verifyEmail", True),
        ("resetPasswordAllowed", True),
        ("bruteForceProtected", True),
        ("eventsEnabled", True),
        ("adminEventsEnabled", True),
        ("revokeRefreshToken", True),
        ("accessTokenLifespan", 300),
        ("ssoSessionIdleTimeout", 1800),
        ("ssoSessionMaxLifespan", 36000),
    ],
)
def test_realm__setting__is_that_of_the_specification(name: str, value: object) -> None:
    assert REALM[name] == value


def test_realm__link_of_confirmation__lives_twelve_hours() -> None:
    assert REALM["attributes"]["actionTokenGeneratedByUserLifespan.verify-email"] == "43200"


def test_realm__new_user__is_a_member() -> None:
    default = next(role for role in REALM["roles"]["realm"] if role["name"] == "default-roles-gettone")
    assert default["composites"] == {"realm": ["member"]}
    assert REALM["defaultRole"]["name"] == "default-roles-gettone"


def test_realm__roles__are_those_of_the_specification() -> None:
    assert {role["name"] for role in REALM["roles"]["realm"] if not role.get("composite")} == ROLES


@pytest.mark.parametrize("client", CALLERS)
def test_caller__has_audience_roles_and_scopes(client: str) -> None:
    found = CLIENTS[client]
    (mapper,) = found["protocolMappers"]
    assert mapper["config"]["included.client.audience"] == "gettone-api"
    assert set(found["defaultClientScopes"]) == {"basic", "acr", "roles", "email", "profile", "web-origins"}
    mapped = next(one for one in REALM["scopeMappings"] if one["client"] == client)
    assert (found["fullScopeAllowed"], set(mapped["roles"])) == (False, ROLES)


@pytest.mark.parametrize("client", ["gettone-dapp", "gettone-auditor"])
def test_web_client__has_pkce_and_exact_addresses(client: str) -> None:
    found = CLIENTS[client]
    assert found["attributes"]["pkce.code.challenge.method"] == "S256"
    assert all("*" not in uri for uri in (*found["redirectUris"], *found["webOrigins"]))
    assert "*" not in found["attributes"]["post.logout.redirect.uris"]


@pytest.mark.parametrize("client", CLIENTS)
def test_client__never_takes_passwords_or_tokens_in_addresses(client: str) -> None:
    assert not CLIENTS[client]["directAccessGrantsEnabled"]
    assert not CLIENTS[client]["implicitFlowEnabled"]


def test_service_accounts__have_the_rights_of_the_specification() -> None:
    rights = {one["serviceAccountClientId"]: set(one["clientRoles"]["realm-management"]) for one in REALM["users"]}
    assert rights["gettone-viewer"] == {"view-users", "query-users"}
    assert rights["gettone-admin"] == {
        "manage-users",
        "view-users",
        "query-users",
        "view-realm",
        "view-events",
        "manage-clients",
    }


def test_export__addresses__take_the_place_of_placeholders() -> None:
    text = realm_text({"DAPP_URL": "https://dapp.example.org"})
    found = next(one for one in json.loads(text)["clients"] if one["clientId"] == "gettone-dapp")
    assert found["redirectUris"] == ["https://dapp.example.org/callback"]
    assert "${AUDITOR_URL:" in text


def test_export__secrets__stay_placeholders() -> None:
    secrets = [one["secret"] for one in json.loads(realm_text({}))["clients"] if "secret" in one]
    assert secrets == ["${ADMIN_CLIENT_SECRET}", "${VIEWER_CLIENT_SECRET}"]


@pytest.mark.parametrize(
    "address", ["http://dapp.example.org", "https://dapp.example.org/", "dapp", 'https://x"y?z', "javascript:alert(1)"]
)
def test_export__unsafe_address__is_refused(address: str) -> None:
    with pytest.raises(InputError):
        realm_text({"DAPP_URL": address})


def test_export__quotation_mark__cannot_end_the_text_it_stands_in() -> None:
    document: dict[str, Any] = json.loads(realm_text({"SMTP_FROM": 'a"b@example.org'}))
    assert document["smtpServer"]["from"] == 'a"b@example.org'
