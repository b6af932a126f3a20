"""From the role table and a community file to the one transaction that makes a permission book final."""

from collections.abc import Mapping
from dataclasses import dataclass

from eth_utils.abi import abi_to_signature
from eth_utils.crypto import keccak

from gettone.chain import member_registry, settlement_ledger
from gettone.chain.access_manager import AccessManager, RoleGrant
from gettone.chain.contract import Call, load_artifact
from gettone.chain.roles import (
    COMMUNITY_FUNCTIONS,
    COMMUNITY_ROLE_ADMINS,
    PLATFORM_FUNCTIONS,
    PLATFORM_ROLE_ADMINS,
    Role,
)

_CONTRACT_ROLES = (Role.MEMBER_REGISTRY, Role.SETTLEMENT_LEDGER)


@dataclass(frozen=True, slots=True)
class Wiring:
    """What one AccessManager must say: role of each (target, selector), admin of each role, and who holds it."""

    function_roles: Mapping[tuple[str, bytes], Role]
    role_admins: Mapping[Role, Role]
    grants: frozenset[RoleGrant]

    def holders(self) -> dict[str, tuple[str, ...]]:
        """Addresses by role name, as the deployment file keeps them."""
        names = sorted({grant.role for grant in self.grants})
        return {
            Role(role).name: tuple(sorted(grant.account for grant in self.grants if grant.role == role))
            for role in names
        }

    def to_call(self, manager: AccessManager, deployer: str) -> Call:
        """One multicall that writes it all and ends with the deployer renouncing ADMIN_ROLE."""
        calls = [manager.label_role(role, role.name) for role in self.role_admins]
        calls += [
            manager.set_target_function_role(target, [selector], role)
            for (target, selector), role in self.function_roles.items()
        ]
        calls += [
            manager.grant_role(grant.role, grant.account, grant.delay_s)
            for grant in sorted(self.grants, key=lambda one: (one.role, one.account))
        ]
        # The admins come after the grants: from then on only they may grant.
        calls += [manager.set_role_admin(role, admin) for role, admin in self.role_admins.items()]
        return manager.multicall([*calls, manager.renounce_role(Role.ADMIN_ROLE, deployer)])


def platform_wiring(addresses: Mapping[str, str], platform_admins: tuple[str, ...]) -> Wiring:
    """Permissions of the platform: its admin keeps the registry and passes on its own role."""
    grants = frozenset(RoleGrant(Role.PLATFORM_ADMIN, one, 0) for one in platform_admins)
    return Wiring(_function_roles(PLATFORM_FUNCTIONS, addresses), PLATFORM_ROLE_ADMINS, grants)


def community_wiring(
    addresses: Mapping[str, str], holders: Mapping[Role, tuple[str, ...]], min_notice_s: int
) -> Wiring:
    """Permissions of a community's set, with the people and services that hold its roles.

    The contracts' own roles follow from `addresses` alone, whatever `holders` says of them.

    The platform admin acts in the community's book only after the notice: replacing a community admin is
    announced on chain before it happens (contracts.md §3).
    """
    grants = {
        RoleGrant(role, account, min_notice_s if role is Role.PLATFORM_ADMIN else 0)
        for role, accounts in holders.items()
        for account in accounts
        if role not in _CONTRACT_ROLES
    }
    grants.add(RoleGrant(Role.MEMBER_REGISTRY, addresses[member_registry.NAME], 0))
    grants.add(RoleGrant(Role.SETTLEMENT_LEDGER, addresses[settlement_ledger.NAME], 0))
    roles = _function_roles(COMMUNITY_FUNCTIONS, addresses)
    return Wiring(roles, COMMUNITY_ROLE_ADMINS, frozenset(grants))


def selectors(name: str) -> dict[str, bytes]:
    """4-byte selector of every state-changing function of a contract, by name."""
    return {
        entry["name"]: keccak(text=abi_to_signature(entry))[:4]
        for entry in load_artifact(name)["abi"]
        if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure")
    }


def _function_roles(
    table: Mapping[str, Mapping[str, Role]], addresses: Mapping[str, str]
) -> dict[tuple[str, bytes], Role]:
    return {
        (addresses[name], selectors(name)[function]): role
        for name, functions in table.items()
        for function, role in functions.items()
    }
