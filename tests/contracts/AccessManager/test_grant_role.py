"""Who appoints whom: each role is granted by the one the specification names, and the table itself is final."""

import clock
import deployment
import pytest
import roles
from refusal import refused

BELOW_COMMUNITY_ADMIN = [role for role, by in roles.GRANTED_BY.items() if by == roles.COMMUNITY_ADMIN]
NAMES = {value: name for name, value in vars(roles).items() if name.isupper() and isinstance(value, int)}


@pytest.mark.parametrize("role", BELOW_COMMUNITY_ADMIN, ids=NAMES.get)
def test_grant_role__below_it_by_the_community_admin__is_held_at_once(community, community_admin, outsider, role):
    community.manager.grantRole(role, outsider, 0, {"from": community_admin})
    assert community.manager.hasRole(role, outsider) == (True, 0)


@pytest.mark.parametrize("role", roles.GRANTED_BY, ids=NAMES.get)
def test_grant_role__by_a_stranger__is_refused(community, outsider, role):
    with refused("AccessManagerUnauthorizedAccount", outsider, roles.GRANTED_BY[role]):
        community.manager.grantRole(role, outsider, 0, {"from": outsider})


@pytest.mark.parametrize("role", roles.CONTRACT_ROLES, ids=NAMES.get)
@pytest.mark.parametrize("grantor", ["platform_admin", "community_admin"])
def test_grant_role__contract_roles__are_granted_by_nobody(community, request, outsider, role, grantor):
    somebody = request.getfixturevalue(grantor)
    with refused("AccessManagerUnauthorizedAccount", somebody, roles.ADMIN):
        community.manager.grantRole(role, outsider, 0, {"from": somebody})


def test_grant_role__community_admin_by_itself__is_refused(community, community_admin, outsider):
    with refused("AccessManagerUnauthorizedAccount", community_admin, roles.PLATFORM_ADMIN):
        community.manager.grantRole(roles.COMMUNITY_ADMIN, outsider, 0, {"from": community_admin})


@pytest.mark.parametrize("role", BELOW_COMMUNITY_ADMIN, ids=NAMES.get)
def test_grant_role__below_the_community_admin_by_the_platform__is_refused(community, platform_admin, outsider, role):
    with refused("AccessManagerUnauthorizedAccount", platform_admin, roles.COMMUNITY_ADMIN):
        community.manager.grantRole(role, outsider, 0, {"from": platform_admin})


def test_grant_role__new_community_admin__waits_for_the_notice(community, platform_admin, outsider):
    clock.move_to(clock.now_s() + 6 * clock.DAY_S)  # a changed delay of grants itself applies after five days
    now = clock.now_s() + 60
    clock.next_block_at(now)
    community.manager.grantRole(roles.COMMUNITY_ADMIN, outsider, 0, {"from": platform_admin})
    clock.move_to(now + deployment.MIN_NOTICE_S - 1)
    assert community.manager.hasRole(roles.COMMUNITY_ADMIN, outsider)[0] is False
    clock.move_to(now + deployment.MIN_NOTICE_S)
    assert community.manager.hasRole(roles.COMMUNITY_ADMIN, outsider)[0] is True


@pytest.mark.parametrize("somebody", ["platform_admin", "community_admin", "oracle_admin", "deployer"])
def test_set_target_function_role__by_anybody__is_refused(community, request, somebody):
    account = request.getfixturevalue(somebody)
    selector = community.token.signatures["creditBatch"]
    with refused("AccessManagerUnauthorizedAccount", account, roles.ADMIN):
        community.manager.setTargetFunctionRole(community.token, [selector], roles.COMMUNITY_ADMIN, {"from": account})


@pytest.mark.parametrize("somebody", ["platform_admin", "community_admin", "deployer"])
def test_update_authority__by_anybody__is_refused(community, request, somebody):
    account = request.getfixturevalue(somebody)
    with refused("AccessManagerUnauthorizedAccount", account, roles.ADMIN):
        community.manager.updateAuthority(community.token, account, {"from": account})


def test_revoke_role__of_a_registrar__takes_the_right_at_once(community, community_admin, registrar):
    community.manager.revokeRole(roles.REGISTRAR, registrar, {"from": community_admin})
    with refused("AccessManagedUnauthorized", registrar):
        community.members.join(bytes(32), registrar, 1, 0, b"", {"from": registrar})
