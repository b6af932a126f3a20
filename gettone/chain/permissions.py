"""From the role table and a community file to the one transaction that makes a permission book final."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eth_utils.abi import abi_to_signature
from eth_utils.crypto import keccak

from gettone.chain.access_manager import AccessManager, RoleGrant
from gettone.chain.contract import Call, load_artifact
from gettone.chain.roles import (
    COMMUNITY_FUNCTIONS,
    COMMUNITY_ROLE_ADMINS,
    CONTRACT_ROLES,
    PLATFORM_FUNCTIONS,
    PLATFORM_ROLE_ADMINS,
    Role,
)


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

    def to_call(self, manager: AccessManager, deployer: str, binds: Sequence[Call] = ()) -> Call:
        """One multicall that writes it all, links the contracts, and ends with the deployer renouncing ADMIN_ROLE.

        `binds` are calls that only ADMIN_ROLE may make; they come after the grants, since the contracts already
        use their roles in them.
        """
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
        calls += [manager.execute(bind) for bind in binds]
        return manager.multicall([*calls, manager.renounce_role(Role.ADMIN_ROLE, deployer)])


def platform_wiring(addresses: Mapping[str, str], platform_admins: tuple[str, ...]) -> Wiring:
    """Permissions of the platform: its admin keeps the registry and passes on its own role."""
    grants = frozenset(RoleGrant(Role.PLATFORM_ADMIN, one, 0) for one in platform_admins)
    return Wiring(_function_roles(PLATFORM_FUNCTIONS, addresses), PLATFORM_ROLE_ADMINS, grants)


def community_wiring(
    addresses: Mapping[str, str], holders: Mapping[Role, tuple[str, ...]], min_notice_s: int
) -> Wiring:
    """Permissions of a community's set, with the people and services that hold its roles.

    `addresses` are those of the set and of the platform's CommunityRegistry.  The contracts' own roles follow
    from them alone, whatever `holders` says.

    The platform admin acts in the community's book only after the notice: replacing a community admin is
    announced on chain before it happens (contracts.md §3).
    """
    grants = {
        RoleGrant(role, account, min_notice_s if role is Role.PLATFORM_ADMIN else 0)
        for role, accounts in holders.items()
        for account in accounts
        if role not in CONTRACT_ROLES
    }
    grants |= {RoleGrant(role, addresses[name], 0) for role, name in CONTRACT_ROLES.items()}
    roles = _function_roles(COMMUNITY_FUNCTIONS, addresses)
    return Wiring(roles, COMMUNITY_ROLE_ADMINS, frozenset(grants))


@dataclass(frozen=True, slots=True)
class WritingFunction:
    """A state-changing function: its name, the whole signature that tells overloads apart, and its selector."""

    name: str
    signature: str
    selector: bytes


def writing_functions(contract: str) -> tuple[WritingFunction, ...]:
    """Every state-changing function of a contract, overloads one by one, in the order of its ABI."""
    signatures = {
        abi_to_signature(entry): entry["name"]
        for entry in load_artifact(contract)["abi"]
        if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure")
    }
    return tuple(WritingFunction(name, one, keccak(text=one)[:4]) for one, name in signatures.items())


def _function_roles(
    table: Mapping[str, Mapping[str, Role]], addresses: Mapping[str, str]
) -> dict[tuple[str, bytes], Role]:
    return {
        (addresses[contract], function.selector): functions[function.name]
        for contract, functions in table.items()
        for function in writing_functions(contract)
        if function.name in functions
    }
