"""Machine clients `mc-*` as Keycloak describes a client (F12); what they may do, their grants say, not their claims."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from gettone.errors import InputError
from gettone.identity.rules import MACHINE_PREFIX

_NAME: Final = re.compile(rf"{MACHINE_PREFIX}[a-z0-9][a-z0-9-]{{1,60}}")
_AUDIENCE: Final = {
    "name": "audience-gettone-api",
    "protocol": "openid-connect",
    "protocolMapper": "oidc-audience-mapper",
    "config": {
        "included.client.audience": "gettone-api",
        "access.token.claim": "true",
        "id.token.claim": "false",
        "introspection.token.claim": "true",
    },
}


def machine_client(client: str, key: Mapping[str, Any] | None) -> dict[str, Any]:
    """The description of a machine client that signs with the public JWK `key`, or has a secret where that is None.

    InputError for a name that is not `mc-` with small letters, digits and dashes, or for a key with a private part.
    """
    if _NAME.fullmatch(client) is None:
        raise InputError("client_name", f"{client!r} is no name of a machine client: write mc- and a-z, 0-9, dashes")
    if key is not None and ("d" in key or "k" in key):
        raise InputError("client_key", f"the key of {client} has its private part: give the public part alone")
    signing = {} if key is None else {"use.jwks.string": "true", "jwks.string": json.dumps({"keys": [dict(key)]})}
    return {
        "clientId": client,
        "enabled": True,
        "publicClient": False,
        "clientAuthenticatorType": "client-secret" if key is None else "client-jwt",
        "standardFlowEnabled": False,
        "implicitFlowEnabled": False,
        "directAccessGrantsEnabled": False,
        "serviceAccountsEnabled": True,
        "fullScopeAllowed": False,
        "attributes": {"client_credentials.use_refresh_token": "false", **signing},
        "defaultClientScopes": ["basic", "acr", "roles", "email", "profile", "web-origins"],
        "optionalClientScopes": [],
        "protocolMappers": [_AUDIENCE],
    }
