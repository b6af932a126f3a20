"""Messages of EIP-4361: written, read back byte for byte, and every field compared."""

from dataclasses import replace
from typing import Any

import pytest

from gettone.errors import InputError
from gettone.wallets.siwe import NONCE_LETTERS, SiweMessage, new_nonce, parse_siwe, require_issued

pytestmark = pytest.mark.unit

MESSAGE = SiweMessage(
    domain="app.example.org",
    address="0x" + "Ab" * 20,
    statement="Link this wallet.",
    uri="https://app.example.org/wallet",
    chain_id=1981,
    nonce="32891756abcdEFGH32891756",
    issued_at="2027-01-15T08:00:00.000Z",
    expiration_time="2027-01-15T08:05:00.000Z",
    request_id="chl_abc",
    resources=("urn:gettone:community:fontana", "urn:gettone:genesis:0x" + "11" * 32),
)
# The form of the specification's own example, with the fields that are required here.
PUBLISHED = (
    "example.com wants you to sign in with your Ethereum account:\n"
    "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2\n"
    "\n"
    "I accept the ExampleOrg Terms of Service: https://example.com/tos\n"
    "\n"
    "URI: https://example.com/login\n"
    "Version: 1\n"
    "Chain ID: 1\n"
    "Nonce: 32891756\n"
    "Issued At: 2021-09-30T16:25:24Z\n"
    "Expiration Time: 2021-09-30T16:30:24Z\n"
    "Request ID: 1\n"
    "Resources:\n"
    "- ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/\n"
    "- https://example.com/my-web2-claim.json"
)


def code_of(text: str, issued: str) -> str:
    with pytest.raises(InputError) as refusal:
        require_issued(text, issued)
    return refusal.value.code


def test_parse__own_message__comes_back() -> None:
    assert parse_siwe(MESSAGE.text()) == MESSAGE


def test_parse__published_form__has_its_fields() -> None:
    found = parse_siwe(PUBLISHED)
    assert (found.domain, found.chain_id, found.nonce) == ("example.com", 1, "32891756")
    assert found.resources[1] == "https://example.com/my-web2-claim.json"
    assert found.text() == PUBLISHED


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("Version: 1", "Version: 2"),
        lambda text: text.replace("\n\n", "\n", 1),
        lambda text: text + "\n",
        lambda text: " " + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("Link", "Lïnk"),
        lambda text: text.replace("Nonce: ", "Nonce: short\nNonce: "),
        lambda text: text.replace("Chain ID: 1981", "Chain ID: 0x7bd"),
        lambda text: text.replace("Chain ID: 1981", "Chain ID: 01981"),
        lambda text: text.replace("Z\n", "+00:00\n", 1),
        lambda text: text.replace("\nResources:", "\nNot Before: 2027-01-15T08:00:00Z\nResources:"),
        lambda text: text.split("\nResources:", maxsplit=1)[0],
    ],
)
def test_parse__anything_else__is_malformed(change: Any) -> None:
    with pytest.raises(InputError) as refusal:
        parse_siwe(change(MESSAGE.text()))
    assert refusal.value.code == "siwe_malformed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"domain": "evil.example.org"}, "siwe_domain"),
        ({"uri": "https://app.example.org/other"}, "siwe_uri"),
        ({"chain_id": 1}, "siwe_chain"),
        ({"resources": ("urn:gettone:community:fontana", "urn:gettone:genesis:0x" + "22" * 32)}, "siwe_chain"),
        ({"address": "0x" + "cD" * 20}, "siwe_address"),
        ({"statement": "Move all my tokens."}, "siwe_malformed"),
        ({"expiration_time": "2028-01-15T08:05:00.000Z"}, "siwe_malformed"),
        ({"issued_at": "2026-01-15T08:05:00.000Z"}, "siwe_malformed"),
        ({"request_id": "chl_xyz"}, "siwe_malformed"),
    ],
)
def test_require_issued__one_field_changed__names_it(changes: dict[str, Any], code: str) -> None:
    assert code_of(replace(MESSAGE, **changes).text(), MESSAGE.text()) == code


def test_require_issued__same_bytes__are_accepted() -> None:
    require_issued(MESSAGE.text(), MESSAGE.text())


def test_new_nonce__each__is_long_enough_and_another() -> None:
    made = {new_nonce() for _ in range(100)}
    assert len(made) == 100
    assert all(len(one) == 24 and set(one) <= set(NONCE_LETTERS) for one in made)
