"""What a realm file cannot carry, set through the administration; a second run changes nothing.

A realm file that names flows, actions or scopes replaces all of Keycloak's own, so these three are absent there
(identity and API specification §2).
"""

import json
from typing import Any, Final

from keycloak import KeycloakAdmin
from keycloak.exceptions import KeycloakError

from gettone.errors import Unreachable
from gettone.identity.realm.flows import set_up_levels

LEVELS_OF_ACR: Final = '{"1":1,"2":2}'
# Actions a person may start: Keycloak has the deletion of the own account switched off.
_ACTIONS: Final = (
    "CONFIGURE_TOTP",
    "CONFIGURE_RECOVERY_AUTHN_CODES",
    "webauthn-register",
    "UPDATE_EMAIL",
    "delete_account",
)


def set_up_realm(admin: KeycloakAdmin) -> list[str]:
    """Set levels, second factors, recovery and deletion; the names of what was changed, empty at a second run.

    Raises Unreachable when Keycloak does not answer or refuses.
    """
    steps = {
        "levels of authentication": set_up_levels,
        "names of the levels in tokens": _name_levels,
        "actions of persons": _enable_actions,
        "recovery codes after an authenticator": _offer_recovery_codes,
        "deletion of the own account": _allow_deletion,
        "password reset": _harden_reset,
    }
    try:
        return [name for name, step in steps.items() if step(admin)]
    except KeycloakError as failure:
        raise Unreachable("keycloak_refused", f"Keycloak refused its administration ({failure})") from None


def _name_levels(admin: KeycloakAdmin) -> bool:
    """The claim `acr` says 1 or 2 rather than a name of Keycloak's."""
    realm = admin.get_realm(_realm(admin))
    if realm["attributes"].get("acr.loa.map") == LEVELS_OF_ACR:
        return False
    admin.update_realm(_realm(admin), {"attributes": {**realm["attributes"], "acr.loa.map": LEVELS_OF_ACR}})
    return True


def _enable_actions(admin: KeycloakAdmin) -> bool:
    off = [one for one in admin.get_required_actions() if one["alias"] in _ACTIONS and not one["enabled"]]
    for action in off:
        admin.update_required_action(action["alias"], {**action, "enabled": True})
    return bool(off)


def _offer_recovery_codes(admin: KeycloakAdmin) -> bool:
    """Who enrols an authenticator is given recovery codes at once: later means never."""
    path = f"/admin/realms/{_realm(admin)}/authentication/required-actions/CONFIGURE_TOTP/config"
    config = admin.connection.raw_get(path).json().get("config") or {}
    if config.get("add-recovery-codes") == "true":
        return False
    _put(admin, path, {"config": {**config, "add-recovery-codes": "true"}})
    return True


def _allow_deletion(admin: KeycloakAdmin) -> bool:
    account = admin.get_client_id("account") or ""
    default = f"default-roles-{_realm(admin)}"
    if any(role["name"] == "delete-account" for role in admin.get_composite_realm_roles_of_role(default)):
        return False
    role = admin.get_client_role(account, "delete-account")
    admin.add_composite_realm_roles_to_role(default, [role])
    return True


def _harden_reset(admin: KeycloakAdmin) -> bool:
    """A mailbox alone replaces no second factor, and a reset is followed by a login (F15)."""
    path = f"/admin/realms/{_realm(admin)}/authentication/flows/reset%20credentials/executions"
    steps = admin.connection.raw_get(path).json()
    changed = False
    for step in steps:
        if step["displayName"] == "Reset - Conditional OTP" and step["requirement"] != "DISABLED":
            _put(admin, path, {**step, "requirement": "DISABLED"})
            changed = True
        if step.get("providerId") == "reset-credential-email" and "authenticationConfig" not in step:
            execution = f"/admin/realms/{_realm(admin)}/authentication/executions/{step['id']}/config"
            config = {"alias": "gettone-reset", "config": {"force-login": "true"}}
            admin.connection.raw_post(execution, data=json.dumps(config)).raise_for_status()
            changed = True
    return changed


def _put(admin: KeycloakAdmin, path: str, document: Any) -> None:
    admin.connection.raw_put(path, data=json.dumps(document)).raise_for_status()


def _realm(admin: KeycloakAdmin) -> str:
    return admin.connection.realm_name or ""
