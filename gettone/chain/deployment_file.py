"""The deployment file: which contracts make up a network's platform and its communities.

`contracts/deployments/<chainId>-<first 8 hex digits of the genesis hash>.json`, one per network, public,
written by `gettone contracts deploy` and read by every service.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gettone.chain.client import ChainClient
from gettone.chain.contract import EvmVersion
from gettone.chain.journal import write_json_atomically
from gettone.chain.roles import Role
from gettone.errors import Conflict, InputError, MissingInput

SCHEMA = "gettone.deployment/2"


@dataclass(frozen=True, slots=True)
class ContractRecord:
    """One deployed contract: EIP-55 address, block and transaction that made it, its constructor arguments
    by name, the keccak-256 of its runtime code (EXTCODEHASH), 0x hex, and the machine that is compiled for."""

    address: str
    block_number: int
    tx_hash: str
    constructor_arguments: Mapping[str, Any]
    code_hash: str
    evm_version: EvmVersion


@dataclass(frozen=True, slots=True)
class ContractSet:
    """Contracts that share one AccessManager, by contract name, and the block their permissions were wired in.

    `spec` is the community file they were made from (for the platform: its admin's address); `policy` are the
    rules of the token as they were recorded last, at first those of the spec; `registration` is the transaction
    that entered the community in the registry, None until then.  The platform has neither of the two.
    """

    contracts: Mapping[str, ContractRecord]
    roles: Mapping[str, tuple[str, ...]]
    wiring: str
    spec: Mapping[str, Any]
    policy: Mapping[str, Any] = field(default_factory=dict)
    registration: str | None = None

    def address(self, name: str) -> str:
        """EIP-55 address of a contract of the set by its name."""
        return self.contracts[name].address

    @property
    def first_block(self) -> int:
        """Block from which the set's events are to be read."""
        return min(record.block_number for record in self.contracts.values())


@dataclass(frozen=True, slots=True)
class Deployment:
    """All contract sets of one network; `genesis_hash` is 32 bytes."""

    chain_id: int
    genesis_hash: bytes
    platform: ContractSet
    communities: Mapping[str, ContractSet]

    def community(self, community_id: str) -> ContractSet:
        """The set of a community; MissingInput `community_not_deployed` names those there are."""
        if community_id not in self.communities:
            known = ", ".join(sorted(self.communities)) or "none"
            raise MissingInput(
                "community_not_deployed",
                f"community {community_id!r} has no contracts on chain {self.chain_id} "
                f"(deployed are: {known}): run gettone contracts deploy",
            )
        return self.communities[community_id]


def deployment_path(folder: Path, client: ChainClient) -> Path:
    """Where the deployment of the connected network is kept in `folder`."""
    return folder / f"{client.chain_id}-{client.genesis_hash.hex()[:8]}.json"


def save_deployment(path: Path, deployment: Deployment) -> None:
    """Write the file, whole or not at all."""
    document = {
        "_": "written by gettone contracts deploy",
        "schema": SCHEMA,
        "chain_id": deployment.chain_id,
        "genesis_hash": "0x" + deployment.genesis_hash.hex(),
        "platform": asdict(deployment.platform),
        "communities": {name: asdict(one) for name, one in deployment.communities.items()},
    }
    write_json_atomically(path, document)


def load_deployment(path: Path) -> Deployment:
    """Read a deployment file; MissingInput `deployment_missing` or InputError `deployment_file`."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document.get("schema") != SCHEMA:
            raise ValueError(f"its schema is {document.get('schema')!r} instead of {SCHEMA!r}")
        return Deployment(
            int(document["chain_id"]),
            bytes.fromhex(document["genesis_hash"].removeprefix("0x")),
            _set_of(document["platform"]),
            {name: _set_of(one) for name, one in document["communities"].items()},
        )
    except OSError as cause:
        raise MissingInput(
            "deployment_missing",
            f"deployment file {path} cannot be read ({cause.strerror}): run gettone contracts deploy",
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise InputError("deployment_file", f"{path} is no deployment file: {cause}") from None


class DeploymentFile:
    """A deployment file that is read again when it has changed."""

    def __init__(self, path: Path) -> None:
        """Read the file; raises as `load_deployment`."""
        self._path = path
        self._read = (path.stat().st_mtime_ns if path.exists() else 0, load_deployment(path))

    def __call__(self) -> Deployment:
        """The deployment as the file says now; raises as `load_deployment`."""
        changed = self._path.stat().st_mtime_ns if self._path.exists() else 0
        if changed != self._read[0]:
            self._read = (changed, load_deployment(self._path))
        return self._read[1]


def require_same_network(deployment: Deployment, client: ChainClient) -> None:
    """Conflict `foreign_deployment` with both values unless the deployment was made on the connected network."""
    expected = (deployment.chain_id, deployment.genesis_hash)
    if expected != (client.chain_id, client.genesis_hash):
        raise Conflict(
            "foreign_deployment",
            f"the contract set belongs to another deployment: it was made on chain {deployment.chain_id} with "
            f"genesis 0x{deployment.genesis_hash.hex()}, the node at {client.rpc_url} is on chain "
            f"{client.chain_id} with genesis 0x{client.genesis_hash.hex()}",
        )


def _set_of(document: Mapping[str, Any]) -> ContractSet:
    unknown = sorted(set(document["roles"]) - set(Role.__members__))
    if unknown:
        raise ValueError(f"it names roles that there are not: {', '.join(unknown)}")
    return ContractSet(
        contracts={name: _record_of(record) for name, record in document["contracts"].items()},
        roles={role: tuple(holders) for role, holders in document["roles"].items()},
        wiring=str(document["wiring"]),
        spec=document["spec"],
        policy=document["policy"],
        registration=document["registration"],
    )


def _record_of(document: Mapping[str, Any]) -> ContractRecord:
    return ContractRecord(**{**document, "evm_version": EvmVersion(document["evm_version"])})
