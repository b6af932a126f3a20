"""Who may call what: every restricted function with every role, as the specification's table says (§3)."""

import deployment
import pytest
import roles
from brownie.exceptions import VirtualMachineError
from model_parameters import POOL_MODEL
from refusal import refused

ROLES = {value: name for name, value in vars(roles).items() if name.isupper() and isinstance(value, int)}
EVERYBODY = [role for role in ROLES if role != roles.ADMIN] + [None]
PAIRS = [(key, role) for key in roles.RESTRICTED for role in EVERYBODY]
PLATFORM_PAIRS = [(key, role) for key in roles.RESTRICTED_ON_PLATFORM for role in (roles.PLATFORM_ADMIN, None)]
WALLET = "0x" + "11" * 20


def pair_name(value) -> str:
    """`ledger.open` or a role's name, as the id of a test."""
    return ".".join(value) if isinstance(value, tuple) else ROLES.get(value, "NOBODY")


ARGUMENTS = {
    "setAccount": (WALLET, 1, 1),
    "creditBatch": ([], WALLET, 0),
    "join": (bytes(32), WALLET, 1, 0, b""),
    "schedule": (POOL_MODEL, 0),
    "anchorIngest": (bytes(32), 1),
    "scheduleCaps": (1, 1, 0),
    "setRequiredSignatures": (0,),
    "register": (("", "", *[WALLET] * 5, 0, 0),),
    "suspend": ("",),
    "resume": ("",),
}


@pytest.fixture(scope="module")
def registry(project, community, deployer, platform_admin):
    """The platform's registry under a permission book of its own."""
    manager = deployment.deploy_manager(deployer)
    registry = project.CommunityRegistry.deploy(manager, {"from": deployer})
    deployment.permit(manager, {"registry": registry}, roles.RESTRICTED_ON_PLATFORM, deployer)
    manager.grantRole(roles.PLATFORM_ADMIN, platform_admin, 0, {"from": deployer})
    manager.renounceRole(roles.ADMIN, deployer, {"from": deployer})
    return registry


@pytest.fixture
def caller_of(community, holders, outsider):
    """Function (role): the address of one holder of a role; None is somebody without any."""
    contracts = {
        roles.MEMBER_REGISTRY: [community.members],
        roles.SETTLEMENT_LEDGER: [community.ledger],
        None: [outsider],
    }
    return lambda role: (holders | contracts)[role][0].address


def is_let_in(target, function: str, caller: str) -> bool:
    """Whether the call passes the permission book; what it is refused for afterwards does not matter here."""
    try:
        getattr(target, function).call(*ARGUMENTS[function], {"from": caller})
    except VirtualMachineError as error:
        return error.revert_msg != f"AccessManagedUnauthorized: {caller.lower()}"
    return True


@pytest.mark.parametrize(("key", "role"), PAIRS, ids=pair_name)
def test_restricted__function_and_role__are_let_in_as_the_table_says(community, caller_of, key, role):
    contract, function = key
    target = getattr(community, contract)
    assert is_let_in(target, function, caller_of(role)) is (role == roles.RESTRICTED[key])


@pytest.mark.parametrize(("key", "role"), PLATFORM_PAIRS, ids=pair_name)
def test_restricted__registry_and_role__are_let_in_as_the_table_says(registry, caller_of, key, role):
    assert is_let_in(registry, key[1], caller_of(role)) is (role == roles.RESTRICTED_ON_PLATFORM[key])


@pytest.mark.parametrize("contract", ["token", "members", "models", "ledger"])
def test_restricted__table__names_every_function_with_the_modifier(community, contract):
    """Whatever stranger may not call is in the table: no restricted function is forgotten in it."""
    target = getattr(community, contract)
    open_to_all = {
        "token": {"transfer", "transferFrom", "approve", "permit"},
        "ledger": {"open", "pay", "voidRest"},
    }.get(contract, set())
    changing = {
        item["name"]
        for item in target.abi
        if item["type"] == "function" and item["stateMutability"] not in ("view", "pure")
    }
    in_table = {function for name, function in roles.RESTRICTED if name == contract}
    assert changing == in_table | open_to_all | {"setAuthority"}


@pytest.mark.parametrize("contract", ["token", "members", "models", "ledger"])
def test_set_authority__by_anybody_but_the_manager__is_refused(community, contract, platform_admin):
    with refused("AccessManagedUnauthorized", platform_admin):
        getattr(community, contract).setAuthority(platform_admin, {"from": platform_admin})


@pytest.mark.parametrize("role", ROLES, ids=ROLES.get)
def test_deployer__after_the_hand_over__holds_no_role(community, deployer, role):
    assert community.manager.hasRole(role, deployer)[0] is False


def test_admin_role__after_the_hand_over__is_held_by_nobody(community, holders, oracles, deployer, outsider):
    everybody = [holder for group in holders.values() for holder in group] + [deployer, outsider]
    everybody += list(vars(community).values())
    assert not any(community.manager.hasRole(roles.ADMIN, somebody)[0] for somebody in everybody)
