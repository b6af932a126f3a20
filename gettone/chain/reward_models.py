"""Gateway of RewardModels: the versions of the reward rules, with all parameters in clear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from web3.types import BlockIdentifier

from gettone.chain.client import LATEST, ChainClient
from gettone.chain.contract import Call, Contract, checksum_address
from gettone.chain.model_parameters import parameters_of_chain, parameters_to_chain

NAME = "RewardModels"


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One scheduled model: number from 1, unix seconds, and the JSON of rewards.md §7, defaults filled in."""

    version: int
    valid_from_s: int
    scheduled_at_s: int
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RewardModels:
    """Reads and calls of one community's RewardModels."""

    contract: Contract

    @classmethod
    def at(cls, client: ChainClient, address: str) -> Self:
        """The models deployed at `address`."""
        return cls(Contract(client, NAME, checksum_address(address)))

    def model_at(self, period_start_s: int, *, block_identifier: BlockIdentifier = LATEST) -> ModelVersion:
        """The version a period that starts at `period_start_s` uses; ContractRefused if there is none."""
        return _version_of(self.contract.read("modelAt", period_start_s, block_identifier=block_identifier))

    def version(self, number: int, *, block_identifier: BlockIdentifier = LATEST) -> ModelVersion:
        """One version by number from 1; ContractRefused for an unknown one."""
        return _version_of(self.contract.read("version", number, block_identifier=block_identifier))

    def version_count(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """How many versions were scheduled."""
        return int(self.contract.read("versionCount", block_identifier=block_identifier))

    def min_notice_s(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Seconds between scheduling a version and the earliest start of its validity."""
        return int(self.contract.read("minNotice", block_identifier=block_identifier))

    def schedule(self, document: Mapping[str, Any], valid_from_s: int) -> Call:
        """Schedule a model's JSON (role ORACLE_ADMIN); InputError names a parameter that is wrong."""
        return self.contract.call("schedule", parameters_to_chain(document), valid_from_s)


def _version_of(values: Sequence[Any]) -> ModelVersion:
    version, valid_from_s, scheduled_at_s, parameters = values
    return ModelVersion(int(version), int(valid_from_s), int(scheduled_at_s), parameters_of_chain(parameters))
