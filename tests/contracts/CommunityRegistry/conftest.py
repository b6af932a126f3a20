"""One community ready to be registered by the platform."""

import deployment
import pytest

# Field of the registry's struct → part of a deployed set.
PARTS = {
    "accessManager": "manager",
    "memberRegistry": "members",
    "token": "token",
    "rewardModels": "models",
    "settlementLedger": "ledger",
    "tokenPolicy": "policy",
    "treasury": "treasury",
    "serviceExchange": "exchange",
}


def parts_of(community) -> dict[str, str]:
    """The addresses of a set as fields of the registry's struct."""
    return {field: getattr(community, part).address for field, part in PARTS.items()}


@pytest.fixture
def entry(community):
    """The complete community as the registry's struct, field by field."""
    names = {"communityId": deployment.COMMUNITY_ID, "name": "Comunità di Fontana"}
    return names | parts_of(community) | {"status": 0, "registeredAt": 0}


@pytest.fixture
def register(registry, platform_admin):
    """Function (entry): register it as the platform administrator."""
    return lambda entry: registry.register(tuple(entry.values()), {"from": platform_admin})
