"""The request for an attestation: all that another operator needs to compute a proposal again, sealed for operators.

File = MAGIC | wrapped data key | sealed, compressed canonical JSON.  The key-encryption key is shared by the operators
of a community (ADR 0071).  It holds the salts of the period's year and what the first operator read, as salted hashes:
no reading is in it.
"""

import base64
import json
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from gettone.errors import Conflict, InputError
from gettone.jcs import canonical
from gettone.notary.proposal import SettlementProposal
from gettone.vault import KEY_BYTES, Vault, seal, unseal

SCHEMA = "gettone.attestation-request/1"
MAGIC = b"gettone.attestation-request/1\n"
SLOT_BYTES = 4
"""Of each slot's leaf hash this much is stated: enough to name what differs; that all is equal the roots say."""

_WRAPPED_BYTES = 1 + 8 + 12 + KEY_BYTES + 16


@dataclass(frozen=True, slots=True)
class Place:
    """Which contract set on which network: community id, chain id, genesis hash (32 bytes), address of the ledger."""

    community: str
    chain_id: int
    genesis_hash: bytes
    ledger: str


@dataclass(frozen=True, slots=True)
class StatedMember:
    """One line of the settlement; `key` is K_my of the year, amounts are base units, instants unix s."""

    member_id: str
    key: bytes
    from_s: int
    to_s: int
    member_class: int
    wallet: str | None
    entitlement_units: int
    entitlement_before_units: int
    carried_before_units: int
    skipped_units: int
    payout_units: int
    carried_after_units: int
    inputs_json: str
    assignment_hash: bytes


@dataclass(frozen=True, slots=True)
class StatedSeries:
    """One committed series; `slots` are the first bytes of every slot's leaf hash, one after the other."""

    member_id: str
    pid: bytes
    direction: int
    slot_s: int
    source_class: int
    source_digest: bytes
    number: int
    first_revision: int
    root: bytes
    slots: bytes


@dataclass(frozen=True, slots=True)
class AttestationRequest:
    """A proposal with everything that it was made of; `signatures` are those made already."""

    place: Place
    proposal: SettlementProposal
    timezone: str
    params_json: str
    gate_report_json: str
    chunk_size: int
    community_key: bytes
    members: tuple[StatedMember, ...]
    series: tuple[StatedSeries, ...]
    signatures: tuple[bytes, ...]


def seal_request(vault: Vault, request: AttestationRequest) -> bytes:
    """The file of a request, under a data key of its own."""
    owner = ("attestation-request",)
    data_key = secrets.token_bytes(KEY_BYTES)
    document = {"schema": SCHEMA} | _plain(asdict(request))
    return MAGIC + vault.wrap(data_key, owner) + seal(data_key, zlib.compress(canonical(document)), owner)


def open_request(vault: Vault, content: bytes, name: str) -> AttestationRequest:
    """The request in a file; InputError `attestation_request` for another file, Conflict for one sealed otherwise."""
    owner, head = ("attestation-request",), len(MAGIC) + _WRAPPED_BYTES
    if not content.startswith(MAGIC) or len(content) <= head:
        raise InputError(
            "attestation_request",
            f"{name} is no request for an attestation: take the file that `gettone settle request-attestation` wrote",
        )
    try:
        data_key = vault.unwrap(content[len(MAGIC) : head], owner)
        document = json.loads(zlib.decompress(unseal(data_key, content[head:], owner)))
    except Conflict as cause:
        raise Conflict(
            "request_sealed_otherwise",
            f"{name} does not open with the key of GETTONE_ATTESTATION_KEY_FILE: it was changed, or sealed with the "
            f"key of other operators ({cause.code})",
        ) from None
    try:
        return _request_of(document)
    except (KeyError, TypeError, ValueError) as cause:
        raise InputError("attestation_request", f"{name} lacks something or has another form: {cause}") from None


def _request_of(document: dict[str, Any]) -> AttestationRequest:
    if document.pop("schema") != SCHEMA:
        raise ValueError("another version")
    nested = {
        "place": _built(Place, document.pop("place")),
        "proposal": _built(SettlementProposal, document.pop("proposal")),
        "members": tuple(_built(StatedMember, one) for one in document.pop("members")),
        "series": tuple(_built(StatedSeries, one) for one in document.pop("series")),
        "signatures": tuple(base64.b64decode(one, validate=True) for one in document.pop("signatures")),
    }
    request: AttestationRequest = _built(AttestationRequest, document, nested)
    return request


def _built(kind: type[Any], document: Mapping[str, Any], nested: Mapping[str, Any] | None = None) -> Any:
    """A dataclass of plain fields from its JSON: bytes in base64, numbers as text."""
    values = dict(nested or {})
    for one in fields(kind):
        if one.name not in values:
            values[one.name] = _value(one.type, document[one.name])
    if set(document) - set(values):
        raise ValueError(f"unknown names {sorted(set(document) - set(values))}")
    return kind(**values)


def _value(kind: Any, value: Any) -> Any:
    if kind is bytes:
        return base64.b64decode(value, validate=True)
    if kind is int:
        return int(value)
    if value is not None and not isinstance(value, str):
        raise ValueError("a text is expected")
    return value


def _plain(value: Any) -> Any:
    """JSON of dataclass fields: bytes in base64, numbers as text since they pass 2^53."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
