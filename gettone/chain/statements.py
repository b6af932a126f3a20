"""Whether a wallet signed a statement: a key by its signature, a contract by its own word (ERC-1271)."""

from typing import cast

from eth_abi.abi import encode
from eth_account.messages import SignableMessage
from eth_utils.crypto import keccak
from web3.exceptions import ContractLogicError
from web3.types import TxParams

from gettone.chain.client import ChainClient
from gettone.chain.signer import recover
from gettone.errors import CheckFailed

MAGIC = bytes.fromhex("1626ba7e")
"""What `isValidSignature(bytes32,bytes)` answers for a signature it accepts; also its selector."""


def payload_of(statement: SignableMessage) -> bytes:
    """The bytes whose keccak-256 is signed (EIP-191)."""
    return b"\x19" + statement.version + statement.header + statement.body


def is_signed_by(client: ChainClient | None, address: str, statement: SignableMessage, signature: bytes) -> bool:
    """Whether `address` (EIP-55) signed a statement: 65 bytes with a low s, or what a contract there accepts now.

    Without a chain only keys are known.  Raises Unreachable.
    """
    payload = payload_of(statement)
    try:
        if recover(payload, signature) == address:
            return True
    except CheckFailed:
        # No signature of a key; a contract may still take it.
        pass
    if client is None or not client.code(address):
        return False
    data = MAGIC + encode(["bytes32", "bytes"], [keccak(payload), signature])
    try:
        answer = client.call(cast(TxParams, {"to": address, "data": data}))
    except ContractLogicError:
        return False
    return bytes(answer[:4]) == MAGIC
