"""The files of requests and attestations: sealed, whole, and read strictly."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gettone.errors import Conflict, InputError
from gettone.jcs import canonical
from gettone.notary.proposal import SettlementProposal
from gettone.vault import Vault
from oracle.attestation.request import (
    MAGIC,
    AttestationRequest,
    Place,
    StatedMember,
    StatedSeries,
    open_request,
    seal_request,
)
from oracle.attestation.statement import Statement, read_statement

pytestmark = pytest.mark.unit

VAULT = Vault(bytes(range(32)))
PLACE = Place("fontana", 1981, b"\x05" * 32, "0x" + "11" * 20)
HASH = b"\x07" * 32
PROPOSAL = SettlementProposal(HASH, 3, 0, 100, 200, 1, HASH, HASH, 1, HASH, HASH, HASH, 12, 2**200, HASH, 1, bytes(32))
MEMBER = StatedMember("0a" * 32, HASH, 0, 2**63 - 1, 1, None, 2**200, 0, -5, 0, 0, -5, "{}", HASH)
SERIES = StatedSeries("0a" * 32, HASH, 0, 3600, 5, HASH, 0, 0, HASH, b"\x01\x02\x03\x04" * 24)
REQUEST = AttestationRequest(
    PLACE, PROPOSAL, "Europe/Rome", "{}", "{}", 500, HASH, (MEMBER,), (SERIES,), (b"\x09" * 65,)
)
STATEMENT = Statement(PLACE, 3, 0, HASH, "0x" + "22" * 20, b"\x09" * 65)


def test_open_request__what_was_sealed__is_the_same() -> None:
    assert open_request(VAULT, seal_request(VAULT, REQUEST), "request") == REQUEST


def test_seal_request__file__shows_no_member_and_no_salt() -> None:
    sealed = seal_request(VAULT, REQUEST)
    assert MEMBER.member_id.encode() not in sealed
    assert MEMBER.key not in sealed


def test_open_request__key_of_other_operators__is_refused() -> None:
    with pytest.raises(Conflict) as refusal:
        open_request(Vault(bytes(range(1, 33))), seal_request(VAULT, REQUEST), "request")
    assert refusal.value.code == "request_sealed_otherwise"


def test_open_request__one_bit_changed__is_refused() -> None:
    sealed = bytearray(seal_request(VAULT, REQUEST))
    sealed[-1] ^= 1
    with pytest.raises(Conflict) as refusal:
        open_request(VAULT, bytes(sealed), "request")
    assert refusal.value.code == "request_sealed_otherwise"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", MAGIC, MAGIC + bytes(20)])
def test_open_request__another_file__is_refused(content: bytes) -> None:
    with pytest.raises(InputError) as refusal:
        open_request(VAULT, content, "request")
    assert refusal.value.code == "attestation_request"


def test_read_statement__what_was_written__is_the_same(tmp_path: Path) -> None:
    file = tmp_path / "attestation.json"
    file.write_bytes(STATEMENT.to_bytes())
    assert read_statement(file) == STATEMENT


def changed(**changes: Any) -> bytes:
    document = json.loads(STATEMENT.to_bytes()) | changes
    return canonical({name: value for name, value in document.items() if value is not None})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        changed(schema="gettone.attestation/2"),
        changed(signer=None),
        changed(more="1"),
        changed(signature="00"),
        changed(signature="zz"),
        changed(chain_id="one"),
    ],
    ids=["empty", "list", "no text", "version", "no signer", "more", "short", "no hex", "no number"],
)
def test_read_statement__another_file__is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "attestation.json"
    file.write_bytes(content)
    with pytest.raises(InputError) as refusal:
        read_statement(file)
    assert refusal.value.code == "attestation_file"


def test_seal_request__same_request_twice__has_other_bytes() -> None:
    assert seal_request(VAULT, REQUEST) != seal_request(VAULT, replace(REQUEST))
