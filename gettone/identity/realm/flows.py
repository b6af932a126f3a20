"""Login by levels, as Keycloak's authentication flow: a password is level 1, a second factor on top is level 2 (F13).

Who has a second factor is asked for one of them.  Who has none enrols an authenticator when level 2 is asked for:
without the last part of the flow nothing would be asked, and the level would be reached by a password alone.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from keycloak import KeycloakAdmin

FLOW: Final = "gettone-levels"
FACTORS: Final = "gettone-second-factor"
# A level holds as long as a session may (10 h); how fresh it has to be, each request says by max_age (F13).
LEVEL_S: Final = 36_000


@dataclass(frozen=True, slots=True)
class Step:
    """One execution of a flow: an authenticator with its configuration, or a flow of further steps."""

    name: str
    requirement: str
    steps: tuple["Step", ...] = ()
    config: dict[str, str] = field(default_factory=dict)


def _level(number: int) -> Step:
    config = {"loa-condition-level": str(number), "loa-max-age": str(LEVEL_S)}
    return Step("conditional-level-of-authentication", "REQUIRED", config=config)


_HAS_FACTOR = Step("conditional-user-configured", "REQUIRED")
_NO_FACTOR = Step(
    "conditional-sub-flow-executed", "REQUIRED", config={"flow_to_check": FACTORS, "check_result": "not-executed"}
)
LEVELS: Final = (
    Step("auth-cookie", "ALTERNATIVE"),
    Step(
        "gettone-forms",
        "ALTERNATIVE",
        (
            Step(
                "gettone-level-1",
                "CONDITIONAL",
                (_level(1), Step("auth-username-password-form", "REQUIRED")),
            ),
            Step(
                "gettone-level-2",
                "CONDITIONAL",
                (
                    _level(2),
                    Step(
                        FACTORS,
                        "CONDITIONAL",
                        (
                            _HAS_FACTOR,
                            Step("auth-otp-form", "ALTERNATIVE"),
                            Step("webauthn-authenticator", "ALTERNATIVE"),
                            Step("auth-recovery-authn-code-form", "ALTERNATIVE"),
                        ),
                    ),
                    Step("gettone-enrolment", "CONDITIONAL", (_NO_FACTOR, Step("auth-otp-form", "REQUIRED"))),
                ),
            ),
        ),
    ),
)


def set_up_levels(admin: KeycloakAdmin) -> bool:
    """Make the flow and bind it to logins in browsers; False when both are there already.

    A flow that was left half made, or was changed by hand, is made again; meanwhile Keycloak's own flow serves.
    """
    realm = admin.get_realm(admin.connection.realm_name or "")
    if realm["browserFlow"] == FLOW and _shape_in(admin) == list(_shape(LEVELS)):
        return False
    if realm["browserFlow"] == FLOW:
        _bind(admin, "browser")
    _remove(admin)
    admin.create_authentication_flow(
        {
            "alias": FLOW,
            "providerId": "basic-flow",
            "topLevel": True,
            "builtIn": False,
            "description": "login by levels",
        }
    )
    _add(admin, FLOW, LEVELS)
    _bind(admin, FLOW)
    return True


def _add(admin: KeycloakAdmin, parent: str, steps: tuple[Step, ...]) -> None:
    for step in steps:
        if step.steps:
            flow = {"alias": step.name, "type": "basic-flow", "provider": "registration-page-form", "description": ""}
            admin.create_authentication_flow_subflow(flow, parent)
        else:
            admin.create_authentication_flow_execution({"provider": step.name}, parent)
        made = admin.get_authentication_flow_executions(parent)
        last = [one for one in made if one["level"] == 0][-1]
        admin.update_authentication_flow_executions({**last, "requirement": step.requirement}, parent)
        if step.config:
            _configure(admin, last["id"], f"{parent}-{step.name}", step.config)
        _add(admin, step.name, step.steps)


def _configure(admin: KeycloakAdmin, execution: str, alias: str, config: dict[str, str]) -> None:
    path = f"/admin/realms/{admin.connection.realm_name}/authentication/executions/{execution}/config"
    admin.connection.raw_post(path, data=json.dumps({"alias": alias, "config": config})).raise_for_status()


def _remove(admin: KeycloakAdmin) -> None:
    for flow in admin.get_authentication_flows():
        if flow["alias"] == FLOW:
            admin.delete_authentication_flow(flow["id"])


def _bind(admin: KeycloakAdmin, alias: str) -> None:
    admin.update_realm(admin.connection.realm_name or "", {"browserFlow": alias})


def _shape(steps: tuple[Step, ...], depth: int = 0) -> Iterator[tuple[int, str, str, bool]]:
    for step in steps:
        yield depth, step.name, step.requirement, bool(step.config)
        yield from _shape(step.steps, depth + 1)


def _shape_in(admin: KeycloakAdmin) -> list[tuple[int, str, str, bool]]:
    if all(flow["alias"] != FLOW for flow in admin.get_authentication_flows()):
        return []
    return [
        (one["level"], one.get("providerId") or one["displayName"], one["requirement"], "authenticationConfig" in one)
        for one in admin.get_authentication_flow_executions(FLOW)
    ]
