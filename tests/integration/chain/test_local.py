"""The local chain: free gas, a clock that moves forward, and a process that is really gone after stop."""

import os
import signal
import time
from pathlib import Path

import pytest

from gettone.chain.client import connect
from gettone.chain.local import CHAIN_ID, LocalChain
from gettone.errors import CheckFailed, InputError
from tests.factories.community import CHAIN_START_S
from tests.factories.deployed_community import deploy_test_community

pytestmark = pytest.mark.chain


def test_set_time__forward__latest_block_has_it_and_back_is_refused(local_chain: LocalChain) -> None:
    local_chain.set_time(CHAIN_START_S + 86_400)
    assert local_chain.now_s() == CHAIN_START_S + 86_400
    with pytest.raises(InputError) as refusal:
        local_chain.set_time(CHAIN_START_S)
    assert refusal.value.code == "clock_back"


def test_start__folder_with_a_running_chain__the_same_chain(local_chain: LocalChain) -> None:
    again = LocalChain.start(local_chain.folder, timestamp_s=1)
    assert again == local_chain
    assert LocalChain.attach(local_chain.folder) == local_chain


def test_stop__twice__process_gone_and_no_error(local_chain: LocalChain) -> None:
    local_chain.stop()
    assert not local_chain.is_running()
    assert not Path(f"/proc/{local_chain.pid}").exists()
    local_chain.stop()
    assert LocalChain.attach(local_chain.folder) is None


def test_start__port_taken__refused_with_the_log(local_chain: LocalChain, tmp_path: Path) -> None:
    with pytest.raises(CheckFailed) as refusal:
        LocalChain.start(tmp_path / "second", timestamp_s=CHAIN_START_S, port=local_chain.port)
    assert refusal.value.code == "anvil_start"
    assert str(tmp_path / "second" / "anvil.log") in refusal.value.message


def test_start__kept_state__contracts_genesis_and_clock_survive_a_stop(tmp_path: Path) -> None:
    chain = LocalChain.start(tmp_path / "chain", timestamp_s=CHAIN_START_S, keep_state=True)
    try:
        client = connect(chain.rpc_url, CHAIN_ID)
        community = deploy_test_community(chain, client, tmp_path / "deployments")
        community.join(1)
        chain.set_time(CHAIN_START_S + 1_000_000)
    finally:
        chain.stop()

    with LocalChain.start(tmp_path / "chain", timestamp_s=CHAIN_START_S, keep_state=True) as again:
        after = connect(again.rpc_url, CHAIN_ID, genesis_hash=client.genesis_hash)
        resumed = deploy_test_community(again, after, tmp_path / "deployments")
        assert resumed.deployment == community.deployment
        assert resumed.contracts.members.member_count() == 1
        again.mine()
        assert 0 <= again.now_s() - (CHAIN_START_S + 1_000_000) < 60


def test_start__killed_without_a_stop__goes_on_from_the_state_kept_on_the_way(tmp_path: Path) -> None:
    folder = tmp_path / "chain"
    chain = LocalChain.start(folder, timestamp_s=CHAIN_START_S, keep_state=True)
    chain.set_time(CHAIN_START_S + 5000)
    deadline = time.monotonic() + 20
    while not (folder / "state.json").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(0.2)
    os.kill(chain.pid, signal.SIGKILL)
    while chain.is_running():
        time.sleep(0.02)
    chain.stop()

    with LocalChain.start(folder, timestamp_s=CHAIN_START_S, keep_state=True) as again:
        assert again.now_s() == CHAIN_START_S + 5000
