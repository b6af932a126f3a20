"""Every event of every contract is decoded by its layout; what is not understood is kept as it came."""

import json
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_abi.tools import get_abi_strategy
from eth_utils.abi import collapse_if_tuple
from hypothesis import given, settings
from hypothesis import strategies as st
from web3 import Web3

from gettone.chain.contract import load_artifact
from gettone.chain.index.events import EventDecoder, layout_of
from tests.unit.chain.test_abi_values import plain

pytestmark = pytest.mark.unit

CONTRACTS = (
    "AccessManager",
    "CommunityRegistry",
    "CommunityToken",
    "MemberRegistry",
    "RewardModels",
    "ServiceExchange",
    "SettlementLedger",
    "TokenPolicy",
    "Treasury",
)
EVENTS = [
    (contract, entry) for contract in CONTRACTS for entry in load_artifact(contract)["abi"] if entry["type"] == "event"
]
TOKEN = "0x" + "aa" * 20
ALICE, BOB = "0x" + "00" * 12 + "a1" * 20, "0x" + "00" * 12 + "b2" * 20


def log_of(topics: list[str], data: str, address: str = TOKEN) -> dict[str, Any]:
    return {
        "address": address,
        "topics": topics,
        "data": data,
        "blockNumber": "0x10",
        "logIndex": "0x2",
        "blockHash": "0x" + "bb" * 32,
        "transactionHash": "0x" + "cc" * 32,
    }


def plain_of(entry: dict[str, Any], value: Any) -> Any:
    """A drawn value as this project writes it, structs by field name."""
    if entry["type"] == "tuple":
        parts = zip(entry["components"], value, strict=True)
        return {one["name"].rstrip("_"): plain_of(one, field) for one, field in parts}
    return plain(entry["type"], value)


@pytest.mark.parametrize(("contract", "entry"), EVENTS, ids=lambda one: one if isinstance(one, str) else one["name"])
@given(data=st.data())
@settings(max_examples=5, deadline=None)
def test_decode__every_event__values_by_name_as_encoded(
    contract: str, entry: dict[str, Any], data: st.DataObject
) -> None:
    types = [collapse_if_tuple(one) for one in entry["inputs"]]
    values = [data.draw(get_abi_strategy(one)) for one in types]
    parts = list(zip(entry["inputs"], types, values, strict=True))
    topics = ["0x" + encode([kind], [value]).hex() for one, kind, value in parts if one["indexed"]]
    rest = [(kind, value) for one, kind, value in parts if not one["indexed"]]
    encoded = encode([kind for kind, _ in rest], [value for _, value in rest])
    log = log_of([layout_of(entry).topic, *topics], "0x" + encoded.hex())
    found = EventDecoder({contract: TOKEN}).decode(log)
    assert (found.contract, found.event, found.topics) == (contract, entry["name"], tuple(topics))
    assert found.args == {one["name"].rstrip("_"): plain_of(one, value) for one, _, value in parts}
    assert list(json.loads(found.args_json)) == [one["name"].rstrip("_") for one in entry["inputs"]]


def test_layout_of__transfer__has_the_topic_everybody_knows() -> None:
    entry = next(entry for contract, entry in EVENTS if (contract, entry["name"]) == ("CommunityToken", "Transfer"))
    assert layout_of(entry).topic == "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"


def test_decode__transfer__addresses_in_eip_55_and_units_as_text() -> None:
    topic = "0x" + Web3.keccak(text="Transfer(address,address,uint256)").hex().removeprefix("0x")
    event = EventDecoder({"CommunityToken": TOKEN}).decode(log_of([topic, ALICE, BOB], "0x" + f"{10**20:064x}"))
    assert event.args_json == json.dumps(
        {
            "from": Web3.to_checksum_address("0x" + "a1" * 20),
            "to": Web3.to_checksum_address("0x" + "b2" * 20),
            "value": "100000000000000000000",
        },
        separators=(",", ":"),
    )
    assert event[:4] == (16, 2, "0x" + "bb" * 32, "0x" + "cc" * 32)


@pytest.mark.parametrize(
    "log",
    [
        log_of(["0x" + "11" * 32, ALICE], "0x1234"),
        log_of([], "0x"),
        log_of(["0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef", ALICE], "0x" + "00" * 32),
        log_of(["0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef", ALICE, BOB], "0x00"),
        log_of(
            ["0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef", "0x" + "ff" * 32, BOB],
            "0x" + "00" * 32,
        ),
    ],
    ids=["unknown topic", "no topic", "too few topics", "short data", "no address"],
)
def test_decode__a_log_no_abi_explains__kept_as_it_came(log: dict[str, Any]) -> None:
    event = EventDecoder({"CommunityToken": TOKEN}).decode(log)
    assert event.event is None
    assert event.args == {"topics": log["topics"], "data": log["data"]}


def test_decode__a_log_of_a_stranger__named_by_its_address() -> None:
    event = EventDecoder({"CommunityToken": TOKEN}).decode(log_of(["0x" + "11" * 32], "0x", "0x" + "dd" * 20))
    assert (event.contract, event.event) == ("0x" + "dd" * 20, None)


def test_decode__address_in_eip_55__known_all_the_same() -> None:
    log = log_of(["0x" + "11" * 32], "0x", Web3.to_checksum_address(TOKEN))
    assert EventDecoder({"CommunityToken": TOKEN}).decode(log).contract == "CommunityToken"
