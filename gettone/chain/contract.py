"""What all gateways share: the committed artifact of a contract, reading it, and the content of a call."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, cast

from eth_utils.abi import event_abi_to_log_topic, function_abi_to_4byte_selector
from eth_utils.address import to_checksum_address
from web3 import Web3
from web3.exceptions import BadFunctionCallOutput, ContractLogicError
from web3.types import BlockIdentifier, EventData

from gettone.chain.client import LATEST, ChainClient
from gettone.chain.reverts import refusal_of
from gettone.errors import Conflict, InputError


class EvmVersion(StrEnum):
    """The virtual machine bytecode is compiled for; LONDON serves networks without PUSH0 and MCOPY."""

    CANCUN = "cancun"
    LONDON = "london"


_FOLDERS = {EvmVersion.CANCUN: "artifacts", EvmVersion.LONDON: "artifacts_london"}


@cache
def load_artifact(name: str, evm_version: EvmVersion = EvmVersion.CANCUN) -> dict[str, Any]:
    """The generated artifact of one contract, as scripts/build_contracts.py wrote it.

    Functions and events are the same for both machines, so only who handles bytecode names one.
    """
    path = files("gettone.chain").joinpath(_FOLDERS[evm_version], f"{name}.json")
    return cast(dict[str, Any], json.loads(path.read_text(encoding="utf-8")))


def checksum_address(text: str) -> str:
    """EIP-55 form of an address; InputError `address` for anything else."""
    if not Web3.is_address(text):
        raise InputError("address", f"{text!r} is no address: write 0x and 40 hex digits")
    return str(Web3.to_checksum_address(text))


@dataclass(frozen=True, slots=True)
class Call:
    """What a transaction does: `what` for people, the receiver (None: a new contract) and the calldata."""

    what: str
    to: str | None
    data: bytes


def deployment_call(name: str, evm_version: EvmVersion, *arguments: Any) -> Call:
    """The creation of a contract from its committed bytecode and constructor arguments."""
    artifact = load_artifact(name, evm_version)
    factory = Web3().eth.contract(abi=artifact["abi"], bytecode=artifact["bytecode"])
    data = factory.constructor(*arguments).data_in_transaction
    return Call(f"deployment of {name}", None, bytes.fromhex(str(data).removeprefix("0x")))


def named_arguments(name: str, arguments: Sequence[Any]) -> dict[str, Any]:
    """Constructor arguments by name, as JSON: numbers above 32 bits as decimal strings, bytes as 0x hex."""
    abi = load_artifact(name)["abi"]
    inputs = next(entry["inputs"] for entry in abi if entry["type"] == "constructor")
    return _named(inputs, arguments)


def _named(inputs: Sequence[Any], values: Sequence[Any]) -> dict[str, Any]:
    return {
        entry["name"].rstrip("_"): _named(entry["components"], value) if "components" in entry else plain(value)
        for entry, value in zip(inputs, values, strict=True)
    }


def plain(value: Any) -> Any:
    """A value of the ABI as JSON: numbers above 32 bits as decimal strings, bytes as 0x hex."""
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return str(value) if isinstance(value, int) and value >> 32 else value


@dataclass(frozen=True, slots=True)
class Contract:
    """One deployed contract: reads are typed by the gateway above, writes become a `Call` for a Sender."""

    client: ChainClient
    name: str
    address: str

    def read(self, function: str, *arguments: Any, block_identifier: BlockIdentifier = LATEST) -> Any:
        """eth_call of a view; structs come back as tuples in the order of the ABI.

        Raises ContractRefused for a revert and Conflict `no_contract` where no such contract lives.
        """
        bound = self._bound().functions[function](*arguments)
        try:
            return self.client.ask(lambda: bound.call(block_identifier=block_identifier))
        except ContractLogicError as cause:
            raise refusal_of(f"{self.name}.{function}", cause) from None
        except BadFunctionCallOutput:
            raise Conflict(
                "no_contract",
                f"{self.address} on chain {self.client.chain_id} is no {self.name}: "
                "the contract set belongs to another deployment, or the chain was started anew",
            ) from None

    def read_many(
        self, function: str, arguments: Sequence[bytes | str], *, block_identifier: BlockIdentifier = LATEST
    ) -> list[Any]:
        """A view of one 32-byte word or address for each of `arguments`, in few requests; as `read` answers each.

        What a batch did not bring (a node may take smaller ones, or refuse some) is asked one by one.
        """
        view = _view(self.name, function)
        contents = [view.selector + _word_of(one) for one in arguments]
        answers = self.client.call_many(self.address, contents, block_identifier)
        return [
            found if found is not None else self.read(function, one, block_identifier=block_identifier)
            for one, found in zip(arguments, map(view.decoded, answers), strict=True)
        ]

    def call(self, function: str, *arguments: Any) -> Call:
        """The content of a transaction that calls `function`."""
        data = self._bound().encode_abi(function, list(arguments))
        return Call(f"{self.name}.{function}", self.address, bytes.fromhex(data.removeprefix("0x")))

    def events(
        self, event: str, *indexed: int | bytes | None, from_block: int = 0, to_block: int | None = None
    ) -> list[EventData]:
        """Decoded events of one name in chain order, filtered by its indexed arguments (None: any)."""
        topics = [self.topic(event), *(None if one is None else _topic_of(one) for one in indexed)]
        logs = self.client.logs(self.address, topics, from_block, to_block)
        decoder = self._bound().events[event]()
        return [decoder.process_log(log) for log in logs]

    def topic(self, event: str) -> str:
        """First topic of an event (keccak of its signature), 0x hex."""
        return "0x" + event_abi_to_log_topic(self._bound().events[event]().abi).hex()

    def decode_log(self, event: str, log: Any) -> EventData:
        """Decode one log of a receipt as `event`."""
        decoded: EventData = self._bound().events[event]().process_log(log)
        return decoded

    def _bound(self) -> Any:
        return _bound(self.client.w3, self.name, self.address)


# Building web3's contract classes costs milliseconds, and settlements read thousands of times.
@cache
def _bound(w3: Web3, name: str, address: str) -> Any:
    return w3.eth.contract(address=Web3.to_checksum_address(address), abi=load_artifact(name)["abi"])


def _word_of(argument: bytes | str) -> bytes:
    """A word as it is, or that of an address."""
    raw = bytes.fromhex(argument.removeprefix("0x")) if isinstance(argument, str) else argument
    return raw.rjust(_WORD_BYTES, b"\0")


@dataclass(frozen=True, slots=True)
class _View:
    """A view of one argument by its ABI: selector, and the types of its results, each a word of 32 bytes."""

    selector: bytes
    gives: tuple[str, ...]

    def decoded(self, answer: bytes | None) -> Any:
        """The results, the only one by itself, addresses in the form of EIP-55; None for what is no answer of it.

        An ABI decoder takes ten times as long, which counts for a hundred thousand members.
        """
        if answer is None or len(answer) != _WORD_BYTES * len(self.gives):
            return None
        words = (answer[at : at + _WORD_BYTES] for at in range(0, len(answer), _WORD_BYTES))
        values = [_value(kind, word) for kind, word in zip(self.gives, words, strict=True)]
        return values[0] if len(values) == 1 else values


_WORD_BYTES, _ADDRESS_BYTES = 32, 20


def _value(kind: str, word: bytes) -> int | str:
    return to_checksum_address(word[-_ADDRESS_BYTES:]) if kind == "address" else int.from_bytes(word, "big")


@cache
def _view(name: str, function: str) -> _View:
    (abi,) = (one for one in load_artifact(name)["abi"] if one["type"] == "function" and one["name"] == function)
    gives = tuple(one["type"] for one in abi["outputs"])
    assert all(one == "address" or one.startswith("uint") for one in gives)  # noqa: S101 - only such views are read so
    return _View(function_abi_to_4byte_selector(abi), gives)


def _topic_of(value: int | bytes) -> str:
    raw = value.to_bytes(32, "big") if isinstance(value, int) else value
    return "0x" + raw.rjust(32, b"\0").hex()
