"""A new signing key in Keycloak: it signs from now on, and the one before is published until the next rotation."""

import json
from typing import Any, Final

from keycloak import KeycloakAdmin

_PROVIDER: Final = "rsa-generated"
_TYPE: Final = "org.keycloak.keys.KeyProvider"
# The new key and the one before it; older ones signed no token that is still valid.
KEPT: Final = 2


def rotate_key(admin: KeycloakAdmin) -> list[str]:
    """Make a new RS256 key; the names of the key providers that are left, the new one first."""
    known = _signing_keys(admin)
    priority = max((_priority(one) for one in known), default=100) + 1
    realm = admin.get_realm(admin.connection.realm_name or "")
    component = {
        "name": f"gettone-rs256-{priority}",
        "providerId": _PROVIDER,
        "providerType": _TYPE,
        "parentId": realm["id"],
        "config": {
            "priority": [str(priority)],
            "enabled": ["true"],
            "active": ["true"],
            "algorithm": ["RS256"],
            "keySize": ["2048"],
        },
    }
    admin.connection.raw_post(
        f"/admin/realms/{admin.connection.realm_name}/components", data=json.dumps(component)
    ).raise_for_status()
    left = _signing_keys(admin)
    for old in left[KEPT:]:
        admin.delete_component(old["id"])
    return [one["name"] for one in left[:KEPT]]


def _signing_keys(admin: KeycloakAdmin) -> list[dict[str, Any]]:
    """The providers of RS256 keys, the one that signs first."""
    found = [
        one
        for one in admin.get_components({"type": _TYPE})
        if one["providerId"] == _PROVIDER and one["config"].get("algorithm", ["RS256"]) == ["RS256"]
    ]
    return sorted(found, key=_priority, reverse=True)


def _priority(component: dict[str, Any]) -> int:
    return int(component["config"].get("priority", ["0"])[0])
