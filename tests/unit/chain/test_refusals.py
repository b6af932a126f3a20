"""Revert data becomes the class of its error, with its numbers."""

import json
from importlib.resources import files

import pytest
from eth_abi.abi import encode
from eth_utils.abi import abi_to_signature
from eth_utils.crypto import keccak
from web3.exceptions import ContractCustomError

from gettone.chain.refusals import BY_SELECTOR, selector_of
from gettone.chain.refusals.community_token import CommunityTokenCannotSend
from gettone.chain.refusals.treasury import TreasuryUnknownMember
from gettone.chain.refused import ContractRefused, SolidityPanic
from gettone.chain.reverts import refusal_of
from gettone.errors import Refused

pytestmark = pytest.mark.unit

WALLET = "0x52908400098527886E0F7030069857D2E4169EE7"


def errors_of_artifacts() -> dict[bytes, str]:
    """Selector and name of every error in the committed ABIs of both builds."""
    found = {}
    for folder in ("artifacts", "artifacts_london"):
        for path in files("gettone.chain").joinpath(folder).iterdir():
            for entry in json.loads(path.read_text(encoding="utf-8"))["abi"]:
                if entry["type"] == "error":
                    found[keccak(text=abi_to_signature(entry))[:4]] = entry["name"]
    return found


def reverted(data: bytes) -> ContractCustomError:
    return ContractCustomError("0x" + data.hex(), data="0x" + data.hex())


def test_by_selector__every_error_of_every_contract__has_its_class() -> None:
    errors = errors_of_artifacts()
    assert {selector: BY_SELECTOR[selector].__name__ for selector in errors} == errors


def test_refusal_of__custom_error__its_class_with_typed_fields() -> None:
    data = selector_of(CommunityTokenCannotSend) + encode(["address", "uint8"], [WALLET.lower(), 2])
    refusal = refusal_of("CommunityToken.transfer", reverted(data))
    assert isinstance(refusal, CommunityTokenCannotSend)
    assert (refusal.wallet, refusal.status) == (WALLET, 2)
    assert (refusal.code, refusal.error_name) == ("contract_refused", "CommunityTokenCannotSend")
    assert f"CommunityTokenCannotSend(wallet {WALLET}, status 2)" in refusal.message
    assert refusal.exit_status == 5


def test_refusal_of__word__as_bytes_under_its_snake_case_name() -> None:
    refusal = refusal_of("Treasury.sell", reverted(selector_of(TreasuryUnknownMember) + b"\x05" * 32))
    assert isinstance(refusal, TreasuryUnknownMember)
    assert refusal.member_id == b"\x05" * 32
    assert refusal.arguments == {"memberId": b"\x05" * 32}


def test_refusal_of__overflow__panic_with_its_code() -> None:
    refusal = refusal_of("Treasury.issue", reverted(selector_of(SolidityPanic) + encode(["uint256"], [17])))
    assert isinstance(refusal, SolidityPanic)
    assert (refusal.panic_code, refusal.code) == (17, "contract_refused")


def test_refusal_of__unknown_error__said_so() -> None:
    refusal = refusal_of("Treasury.issue", reverted(b"\xde\xad\xbe\xef"))
    assert type(refusal) is ContractRefused
    assert refusal.error_name == ""
    assert "without a reason" in refusal.message


def test_refusal_of__no_right__not_authorized() -> None:
    selector = keccak(text="AccessManagedUnauthorized(address)")[:4]
    refusal = refusal_of("Treasury.issue", reverted(selector + encode(["address"], [WALLET.lower()])))
    assert isinstance(refusal, Refused)
    assert WALLET in refusal.message


def test_refusals__each_class__says_what_its_error_means() -> None:
    assert [one.__name__ for one in BY_SELECTOR.values() if not (one.__doc__ or "").strip().endswith(".")] == []
