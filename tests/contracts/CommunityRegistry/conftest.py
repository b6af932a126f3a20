"""The platform's registry with its own permission book, and one community ready to be registered."""

import deployment
import pytest
import roles


@pytest.fixture(scope="module")
def registry(project, community, deployer, platform_admin):
    """The registry; the platform administrator is the only one with a right."""
    manager = deployment.deploy_manager(deployer)
    registry = project.CommunityRegistry.deploy(manager, {"from": deployer})
    deployment.permit(manager, {"registry": registry}, roles.RESTRICTED_ON_PLATFORM, deployer)
    manager.grantRole(roles.PLATFORM_ADMIN, platform_admin, 0, {"from": deployer})
    manager.setRoleAdmin(roles.PLATFORM_ADMIN, roles.PLATFORM_ADMIN, {"from": deployer})
    manager.renounceRole(roles.ADMIN, deployer, {"from": deployer})
    return registry


@pytest.fixture
def entry(community):
    """The complete community as the registry's struct, field by field."""
    return {
        "communityId": deployment.COMMUNITY_ID,
        "name": "Comunità di Fontana",
        "accessManager": community.manager.address,
        "memberRegistry": community.members.address,
        "token": community.token.address,
        "rewardModels": community.models.address,
        "settlementLedger": community.ledger.address,
        "status": 0,
        "registeredAt": 0,
    }


@pytest.fixture
def register(registry, platform_admin):
    """Function (entry): register it as the platform administrator."""
    return lambda entry: registry.register(tuple(entry.values()), {"from": platform_admin})
