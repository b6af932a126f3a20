"""Communities on chains of tests: deployed once for each kind of chain and specification, then copied.

A copy is what the node itself dumped: the same blocks with their transactions, receipts and logs, on the same
genesis block.  Only the states of accounts before its last block are not in it.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gettone.chain.client import ChainClient
from gettone.chain.community_spec import CommunitySpec
from gettone.chain.contract_set import open_community
from gettone.chain.deployment import deploy_community
from gettone.chain.deployment_file import Deployment, deployment_path, load_deployment
from gettone.chain.local import LocalChain
from tests.factories.community import TestCommunity, member_id_of, spec_of, throwaway_account


@dataclass(frozen=True)
class _Kept:
    """A dumped chain, its clock, and the files of its deployment."""

    state: str
    timestamp_s: int
    files: dict[str, bytes]


# By genesis block and by all that was done since.
_KEPT: dict[tuple[bytes, str], _Kept] = {}


def deploy_test_community(
    chain: LocalChain, client: ChainClient, folder: Path, *, joined: int = 0, **changes: Any
) -> TestCommunity:
    """A test community with members 0 to `joined` - 1 and its gateways open.

    A chain without blocks becomes a copy of an earlier one with the same genesis, specification and members.
    """
    key = (client.genesis_hash, json.dumps([joined, changes], sort_keys=True))
    spec, is_new = spec_of(**changes), client.block_number() == 0
    if is_new and key in _KEPT:
        _copy(_KEPT[key], chain, folder)
        community = _opened(chain, client, folder, spec, load_deployment(deployment_path(folder, client)))
        community.members = {member_id_of(number): community.wallet(number) for number in range(joined)}
        return community
    deployer, admin = throwaway_account("deployer"), throwaway_account("platform_admin")
    deployment = deploy_community(client, deployer, spec, folder, platform_admin=admin)
    community = _opened(chain, client, folder, spec, deployment)
    community.join_members(joined)
    if is_new:
        files = {path.name: path.read_bytes() for path in folder.iterdir()}
        _KEPT[key] = _Kept(chain._rpc("anvil_dumpState"), chain.now_s(), files)
    return community


def _copy(kept: _Kept, chain: LocalChain, folder: Path) -> None:
    chain._rpc("anvil_loadState", kept.state)
    # The clock goes on from the last block, as that of the chain that was dumped.
    chain._rpc("evm_setTime", kept.timestamp_s)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in kept.files.items():
        (folder / name).write_bytes(content)


def _opened(
    chain: LocalChain, client: ChainClient, folder: Path, spec: CommunitySpec, deployment: Deployment
) -> TestCommunity:
    contracts = open_community(client, deployment, spec.community_id)
    return TestCommunity(chain, client, folder, spec, deployment, contracts)
