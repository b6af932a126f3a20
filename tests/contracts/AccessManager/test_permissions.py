"""Who may call what: every restricted function with every role, as the specification's table says (§3)."""

import deployment
import pytest
import roles
from permission_book import is_let_in, state_changing
from refusal import refused

ROLES = {value: name for name, value in vars(roles).items() if name.isupper() and isinstance(value, int)}
EVERYBODY = [role for role in ROLES if role != roles.ADMIN] + [None]
CONTRACTS = list(roles.OPEN_TO_ALL)
OPEN = [(contract, function) for contract, names in roles.OPEN_TO_ALL.items() for function in sorted(names)]
PAIRS = [(key, role) for key in (*roles.RESTRICTED, *sorted(roles.OF_NOBODY)) for role in EVERYBODY]
PLATFORM_PAIRS = [(key, role) for key in roles.RESTRICTED_ON_PLATFORM for role in EVERYBODY]


def pair_name(value) -> str:
    """`ledger.open` or a role's name, as the id of a test."""
    return ".".join(value) if isinstance(value, tuple) else ROLES.get(value, "NOBODY")


@pytest.fixture
def caller_of(community, registry, holders, outsider):
    """Function (role): one holder of a role; None is somebody without any."""
    everybody = holders | deployment.contract_holders(community, registry) | {None: [outsider]}
    return lambda role: everybody[role][0]


@pytest.mark.parametrize(("key", "role"), PAIRS, ids=pair_name)
def test_restricted__function_and_role__are_let_in_as_the_table_says(community, caller_of, key, role):
    contract, function = key
    let_in = is_let_in(getattr(community, contract), function, caller_of(role))
    assert let_in is (role is not None and role == roles.RESTRICTED.get(key))


@pytest.mark.parametrize(("key", "role"), PLATFORM_PAIRS, ids=pair_name)
def test_restricted__registry_and_role__are_let_in_as_the_table_says(registry, caller_of, key, role):
    assert is_let_in(registry, key[1], caller_of(role)) is (role == roles.RESTRICTED_ON_PLATFORM[key])


@pytest.mark.parametrize("contract", CONTRACTS)
def test_restricted__table__names_every_function_that_writes(community, contract):
    """No function is forgotten: what is not in the table is open to all by intent."""
    restricted = {function for name, function in (*roles.RESTRICTED, *roles.OF_NOBODY) if name == contract}
    changing = {item["name"] for item in state_changing(getattr(community, contract))}
    assert changing == restricted | roles.OPEN_TO_ALL[contract] | {"setAuthority"}


@pytest.mark.parametrize(
    ("contract", "function"),
    [(contract, name) for contract in CONTRACTS for name in sorted(roles.OPEN_TO_ALL[contract])],
)
def test_open_to_all__nobody__is_let_in(community, outsider, contract, function):
    assert is_let_in(getattr(community, contract), function, outsider)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_set_authority__by_anybody_but_the_manager__is_refused(community, contract, platform_admin):
    with refused("AccessManagedUnauthorized", platform_admin):
        getattr(community, contract).setAuthority(platform_admin, {"from": platform_admin})


@pytest.mark.parametrize("role", ROLES, ids=ROLES.get)
def test_deployer__after_the_hand_over__holds_no_role(community, deployer, role):
    assert community.manager.hasRole(role, deployer)[0] is False


def test_admin_role__after_the_hand_over__is_held_by_nobody(community, registry, holders, deployer, outsider):
    groups = (holders | deployment.contract_holders(community, registry)).values()
    everybody = [holder for group in groups for holder in group] + [deployer, outsider, community.manager]
    assert not any(community.manager.hasRole(roles.ADMIN, somebody)[0] for somebody in everybody)
