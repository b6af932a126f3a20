"""What the routes read of models: the versions on chain."""

from gettone.chain.contract_set import CommunityContracts
from gettone.chain.reward_models import ModelVersion


def versions(contracts: CommunityContracts) -> list[ModelVersion]:
    """Every version that was ever scheduled, the first one first."""
    return [contracts.models.version(number) for number in range(1, contracts.models.version_count() + 1)]


def min_notice_s(contracts: CommunityContracts) -> int:
    """Seconds between scheduling a version and the earliest start of its validity."""
    return contracts.models.min_notice_s()
