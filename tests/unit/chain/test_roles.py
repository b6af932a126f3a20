"""The role table covers every state-changing function of every contract, and only those there are."""

import pytest

from gettone.chain.permissions import community_wiring, platform_wiring, writing_functions
from gettone.chain.roles import (
    COMMUNITY_FUNCTIONS,
    COMMUNITY_ROLE_ADMINS,
    CONTRACT_ROLES,
    DEPLOYMENT_FUNCTIONS,
    PLATFORM_FUNCTIONS,
    PUBLIC_FUNCTIONS,
    Role,
)
from tests.factories.community import spec_of, throwaway_account

pytestmark = pytest.mark.unit

TABLE = COMMUNITY_FUNCTIONS | PLATFORM_FUNCTIONS


@pytest.mark.parametrize("name", sorted(TABLE))
def test_table__each_contract__lists_every_writing_function_once(name: str) -> None:
    lists = [*TABLE[name], *PUBLIC_FUNCTIONS[name], *DEPLOYMENT_FUNCTIONS.get(name, ())]
    assert sorted(lists) == sorted({function.name for function in writing_functions(name)})


def test_role_admins__every_role_but_admin__has_one_and_contract_roles_are_final() -> None:
    assert set(COMMUNITY_ROLE_ADMINS) == set(Role) - {Role.ADMIN_ROLE}
    final = {role for role, admin in COMMUNITY_ROLE_ADMINS.items() if admin is Role.ADMIN_ROLE}
    assert final == set(CONTRACT_ROLES)


def test_writing_functions__overloads__each_with_its_own_selector() -> None:
    functions = [one for one in writing_functions("CommunityToken") if one.name == "transferWithAuthorization"]
    assert len({one.selector for one in functions}) == 2


def test_wiring__contracts_roles__held_by_the_contracts_of_the_set_whatever_the_file_says() -> None:
    spec, stranger = spec_of(), throwaway_account("stranger").address
    addresses = {name: throwaway_account(name).address for name in TABLE}
    holders = {**spec.holders, Role.TREASURY: (stranger,)}
    grants = community_wiring(addresses, holders, spec.min_notice_s).grants
    found = {grant.role: grant.account for grant in grants if grant.role in CONTRACT_ROLES}
    assert found == {role: addresses[name] for role, name in CONTRACT_ROLES.items()}


def test_wiring__community__nobody_is_granted_admin_and_platform_admin_waits_the_notice() -> None:
    spec = spec_of(min_notice_s=7200)
    addresses = {name: throwaway_account(name).address for name in TABLE}
    grants = community_wiring(addresses, spec.holders, spec.min_notice_s).grants
    assert Role.ADMIN_ROLE not in {grant.role for grant in grants}
    assert {grant.delay_s for grant in grants if grant.role == Role.PLATFORM_ADMIN} == {7200}
    assert {grant.delay_s for grant in grants if grant.role != Role.PLATFORM_ADMIN} == {0}


def test_wiring__platform__only_its_admin_and_without_delay() -> None:
    addresses = {name: throwaway_account(name).address for name in TABLE}
    admin = throwaway_account("platform_admin").address
    (grant,) = platform_wiring(addresses, (admin,)).grants
    assert (grant.role, grant.account, grant.delay_s) == (Role.PLATFORM_ADMIN, admin, 0)
