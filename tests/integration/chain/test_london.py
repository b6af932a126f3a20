"""The same contracts on a network without PUSH0 and MCOPY: chosen by asking it, deployed, verified and used."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gettone.chain.client import ChainClient, connect
from gettone.chain.contract import EvmVersion, load_artifact
from gettone.chain.deployment import deploy_community
from gettone.chain.forks import supported_evm_version
from gettone.chain.journal import FileTransactionStore
from gettone.chain.local import CHAIN_ID, LocalChain
from gettone.chain.verification import verify_deployment
from tests.factories.community import (
    CHAIN_START_S,
    TestCommunity,
    fund_by_settlement,
    spec_of,
    throwaway_account,
)
from tests.factories.deployed_community import deploy_test_community

pytestmark = pytest.mark.chain


class Killed(BaseException):
    """The deployment is killed."""


@pytest.fixture
def london_chain(tmp_path: Path) -> Iterator[LocalChain]:
    with LocalChain.start(tmp_path / "london", timestamp_s=CHAIN_START_S, hardfork="london") as chain:
        yield chain


@pytest.fixture
def london_community(london_chain: LocalChain, tmp_path: Path) -> TestCommunity:
    return deploy_test_community(london_chain, connect(london_chain.rpc_url, CHAIN_ID), tmp_path / "deployments")


def test_supported_evm_version__london_and_cancun__each_named(
    london_chain: LocalChain, chain_client: ChainClient
) -> None:
    assert supported_evm_version(connect(london_chain.rpc_url, CHAIN_ID)) is EvmVersion.LONDON
    assert supported_evm_version(chain_client) is EvmVersion.CANCUN


def test_deploy__london__every_contract_of_the_older_build_and_verified(london_community: TestCommunity) -> None:
    deployment = london_community.deployment
    sets = (deployment.platform, deployment.community("fontana"))
    assert {record.evm_version for one in sets for record in one.contracts.values()} == {EvmVersion.LONDON}
    assert verify_deployment(london_community.client, deployment) == []


def test_transfer__london__moves_tokens_of_a_settlement(london_community: TestCommunity) -> None:
    community, token = london_community, london_community.contracts.token
    community.join_members(2)
    fund_by_settlement(community, {0: 1_000})
    community.send("member 0", token.transfer(community.wallet(1).address, 400))
    assert [token.balance_of(community.wallet(one).address) for one in (0, 1)] == [600, 400]


def test_verify__file_that_names_the_other_build__code_named(london_community: TestCommunity) -> None:
    deployment = london_community.deployment
    fontana = deployment.community("fontana")
    record = replace(fontana.contracts["Treasury"], evm_version=EvmVersion.CANCUN)
    forged = replace(fontana, contracts={**fontana.contracts, "Treasury": record})
    found = verify_deployment(london_community.client, replace(deployment, communities={"fontana": forged}))
    assert [(one.contract, one.what) for one in found] == [("Treasury", "code")]


def test_deploy__network_upgraded_in_the_middle__goes_on_with_the_build_it_began_with(
    chain_client: ChainClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployer, admin = throwaway_account("deployer"), throwaway_account("platform_admin")
    original, writes = FileTransactionStore._put, iter(range(100))

    def put(self: FileTransactionStore, transaction: object) -> None:
        original(self, transaction)  # type: ignore[arg-type]
        if next(writes) == 25:
            raise Killed

    with monkeypatch.context() as older:
        older.setattr("gettone.chain.deployment_run.supported_evm_version", lambda client: EvmVersion.LONDON)
        older.setattr(FileTransactionStore, "_put", put)
        with pytest.raises(Killed):
            deploy_community(chain_client, deployer, spec_of(), tmp_path, platform_admin=admin)

    deployment = deploy_community(chain_client, deployer, spec_of(), tmp_path, platform_admin=admin)

    records = deployment.community("fontana").contracts.values()
    assert {record.evm_version for record in records} == {EvmVersion.LONDON}
    assert verify_deployment(chain_client, deployment) == []


def test_artifacts__both_builds__same_functions_and_events() -> None:
    for name in ("AccessManager", "CommunityToken", "ServiceExchange", "SettlementLedger"):
        newer, older = (
            [entry for entry in load_artifact(name, version)["abi"] if entry["type"] in ("function", "event")]
            for version in EvmVersion
        )
        assert newer == older
