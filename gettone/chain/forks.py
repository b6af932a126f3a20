"""Which bytecode a network can run: asked of its virtual machine, since no node tells its forks (contracts.md §1)."""

from web3.exceptions import Web3Exception
from web3.types import TxParams

from gettone.chain.client import ChainClient
from gettone.chain.contract import EvmVersion
from gettone.errors import CheckFailed

_MARK = (1).to_bytes(32, "big")
# Both programs return the word 1; the first copies it with PUSH0 and MCOPY before.
_CANCUN = bytes.fromhex("60015f5260205f60205e60206020f3")
_LONDON = bytes.fromhex("600160005260206000f3")


def supported_evm_version(client: ChainClient) -> EvmVersion:
    """CANCUN where PUSH0 and MCOPY work, else LONDON; sends nothing.

    Raises CheckFailed `evm_probe` where not even the plain program answers.
    """
    for version, program in ((EvmVersion.CANCUN, _CANCUN), (EvmVersion.LONDON, _LONDON)):
        if _returns_mark(client, program):
            return version
    raise CheckFailed(
        "evm_probe",
        f"the node at {client.rpc_url} runs neither the program with PUSH0 and MCOPY nor the one without: "
        "see whether it answers eth_call without a receiver",
    )


def _returns_mark(client: ChainClient, program: bytes) -> bool:
    try:
        return client.call(TxParams({"data": program})) == _MARK
    except Web3Exception:
        return False
