"""The permission matrix: who may do which action, and how far (identity and API specification §1.2)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

FILE = Path(__file__).with_name("permissions.toml")

PUBLIC, ANYBODY_LOGGED_IN = "PU", "ANY"
DEVICE, MEMBER, VERIFIER, MACHINE, AUDITOR = "DV", "MB", "VF", "SV", "AU"
REALM_ROLES = {
    "PA": "platform-admin",
    "CA": "community-admin",
    "OA": "oracle-admin",
    "TA": "token-admin",
    "MB": "member",
    "VF": "member",
    "AU": "auditor",
}
"""Role codes with the realm role that the token must carry beside the open row here."""
TWO_FACTORS = frozenset({"PA", "CA", "OA", "TA", "AU"})
"""Roles that only count in a session with a second factor (F13)."""

EVERY_COMMUNITY, OWN_COMMUNITY, OWN, GRANTED, PSEUDONYMOUS, PROPOSES, APPROVES = "acogp12"
_ROLES = frozenset(REALM_ROLES) | {PUBLIC, ANYBODY_LOGGED_IN, DEVICE, MACHINE}


@dataclass(frozen=True, slots=True)
class Action:
    """An action with the letters of each role that may do it; `scope` is what a machine's grant must name for it."""

    name: str
    group: str
    letters: Mapping[str, str]
    scope: str | None

    @property
    def is_public(self) -> bool:
        """Whether nobody needs a login for it."""
        return PUBLIC in self.letters

    def roles(self, step: str = "") -> tuple[str, ...]:
        """The roles that may do it, or take its `step` (`1` proposes, `2` approves), in the order of the file."""
        return tuple(role for role, letters in self.letters.items() if step in letters)


@cache
def matrix() -> Mapping[str, Action]:
    """Every action by name; ValueError for a role or a letter that the specification does not name."""
    document = tomllib.loads(FILE.read_text(encoding="utf-8"))
    scopes = document.pop("scopes")
    actions = {
        name: Action(name, group, MappingProxyType(letters), scopes.get(name))
        for group, entries in document.items()
        for name, letters in entries.items()
    }
    for action in actions.values():
        _check(action)
    return MappingProxyType(actions)


def _check(action: Action) -> None:
    known = {EVERY_COMMUNITY, OWN_COMMUNITY, OWN, GRANTED, PSEUDONYMOUS, PROPOSES, APPROVES}
    if unknown := set(action.letters) - _ROLES:
        raise ValueError(f"{FILE.name}: {action.name} names unknown roles {sorted(unknown)}")
    if wrong := {letter for letters in action.letters.values() for letter in letters} - known:
        raise ValueError(f"{FILE.name}: {action.name} has unknown letters {sorted(wrong)}")
    if MACHINE in action.letters and action.scope is None:
        raise ValueError(f"{FILE.name}: {action.name} is open to machines and names no scope for them")
