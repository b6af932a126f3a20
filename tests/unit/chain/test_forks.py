"""A network that answers neither probe is refused, and one that does not answer at all is unreachable."""

from collections.abc import Callable
from typing import cast

import pytest
from web3.exceptions import Web3RPCError

from gettone.chain.client import ChainClient
from gettone.chain.contract import EvmVersion
from gettone.chain.forks import supported_evm_version
from gettone.errors import CheckFailed, Unreachable

pytestmark = pytest.mark.unit

PUSH0 = 0x5F
MARK = (1).to_bytes(32, "big")


class AnsweringNode:
    """A node whose answer to a program is given."""

    rpc_url = "http://answering"

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self.call = lambda transaction: answer(transaction["data"])


def node(answer: Callable[[bytes], bytes]) -> ChainClient:
    return cast(ChainClient, AnsweringNode(answer))


def refuse_push0(program: bytes) -> bytes:
    if PUSH0 in program:
        raise Web3RPCError("invalid opcode 0x5f")
    return MARK


def unreachable(program: bytes) -> bytes:
    raise Unreachable("chain_unreachable", "gone")


def test_supported_evm_version__invalid_opcode__london() -> None:
    assert supported_evm_version(node(refuse_push0)) is EvmVersion.LONDON


def test_supported_evm_version__program_without_effect__not_taken_for_support() -> None:
    assert supported_evm_version(node(lambda program: b"" if PUSH0 in program else MARK)) is EvmVersion.LONDON


def test_supported_evm_version__neither_program_runs__refused() -> None:
    with pytest.raises(CheckFailed) as refusal:
        supported_evm_version(node(lambda program: b""))
    assert refusal.value.code == "evm_probe"


def test_supported_evm_version__node_gone__unreachable_and_no_guess() -> None:
    with pytest.raises(Unreachable):
        supported_evm_version(node(unreachable))
