"""The fields of every JSON file of a take-out."""

from typing import Any

from gettone.errors import InputError
from gettone.jcs import canonical
from gettone.notary.bundle import (
    Aggregates,
    ChainPlace,
    FileEntry,
    IngestProofs,
    Manifest,
    MemberLeaf,
    Proof,
    SeriesReference,
    SeriesTree,
    Source,
)
from gettone.notary.ingest_leaf import LEAF_BYTES
from gettone.notary.leaves import TOMBSTONE, SeriesHeader
from gettone.notary.records import (
    decimal,
    hexadecimal,
    list_of,
    null,
    optional,
    parse_record,
    record_of,
    signed,
    text,
    whole,
    whole32,
)
from gettone.notary.takeout_format import FORMAT, FORMAT_WITH_SOURCES, SIGNATURE_SCHEME, Level

_HASH, _ADDRESS = hexadecimal(32), hexadecimal(20)
_PLACE = {"period": whole32, "revision": whole32}
_PROOF = {"leaf_hash": _HASH, "leaf_index": whole32, "leaf_count": whole32, "path": list_of(_HASH), "root": _HASH}
_TREE = {"root": _HASH, "tree_size": whole32}
_ROSTER_FIELDS = {
    "blind": _HASH,
    "leaf_index": whole32,
    "wallet": _ADDRESS,
    "member_from_s": decimal,
    "member_to_s": decimal,
    "series_count": whole32,
}
_ASSIGNMENT_FIELDS = {
    "flags": whole,
    "deployment_id": _HASH,
    "period_start_s": whole,
    "period_end_s": whole,
    "period_index": whole32,
    "revision": whole32,
    "leaf_index": whole32,
    "wallet": _ADDRESS,
    "token": _ADDRESS,
    "amount_units": decimal,
    "model_digest": _HASH,
    "params_digest": _HASH,
    "data_root": _HASH,
    "series_count": whole32,
    "input_digest": _HASH,
    "trace_digest": _HASH,
    "prev_leaf": _HASH,
    "blind": _HASH,
}
_HEADER_FIELDS = {
    "nonce": _HASH,
    "series_pid": _HASH,
    "period_start_s": whole,
    "slot_s": whole32,
    "slot_count": whole32,
    "exponent": signed,
    "direction": whole32,
    "source_class": whole32,
    "source_digest": _HASH,
}
_SERIES_FIELDS = {
    "period": whole32,
    "first_revision": whole32,
    "number": whole32,
    "header": record_of("header", _HEADER_FIELDS),
    "leaves": list_of(_HASH),
}


def parse_manifest(value: Any) -> Manifest:
    """The manifest; the signed message is rebuilt from the fields beside the signature."""
    signature = record_of("operator_signature", {"scheme": text, "address": _ADDRESS, "signature": hexadecimal(65)})
    entry = record_of("files", {"name": text, "bytes": whole, "sha256": _HASH})
    fields = parse_record(
        value,
        "manifest",
        {
            "format": text,
            "community": text,
            "subject": text,
            "from_s": whole,
            "to_s": whole,
            "level": text,
            "settlements": list_of(record_of("settlements", _PLACE)),
            "files": list_of(entry),
            "operator_signature": optional(signature),
        },
    )
    signed_by = fields["operator_signature"]
    known = {FORMAT, FORMAT_WITH_SOURCES}
    if fields["format"] not in known or fields["level"] not in {level.value for level in Level}:
        raise InputError("bundle_version", f"format {fields['format']!r} or its level is not known")
    if signed_by and signed_by["scheme"] != SIGNATURE_SCHEME:
        raise InputError("bundle_version", "the scheme of the operator signature is not known")
    message = canonical({name: one for name, one in value.items() if name != "operator_signature"})
    return Manifest(
        fields["community"],
        fields["subject"],
        fields["from_s"],
        fields["to_s"],
        fields["level"],
        tuple((one["period"], one["revision"]) for one in fields["settlements"]),
        tuple(FileEntry(one["name"], one["bytes"], one["sha256"]) for one in fields["files"]),
        (signed_by["address"], signed_by["signature"]) if signed_by else None,
        message,
        fields["format"],
    )


def parse_keys(value: Any) -> dict[str, Any]:
    """keys.json: lists `settlements`, `series` and `totals`."""
    member = {"assignment": optional(_HASH), "roster": optional(_HASH)}
    salts = {"input_salt": optional(_HASH), "trace_salt": optional(_HASH)}
    return parse_record(
        value,
        "keys",
        {
            "settlements": list_of(record_of("settlements", _PLACE | member | salts)),
            "series": list_of(record_of("series", {"readings": text, "k_p": _HASH})),
            "totals": list_of(record_of("totals", _PLACE | {"withdrawn": _HASH, "injected": _HASH})),
        },
    )


def parse_assignment(value: Any) -> tuple[MemberLeaf, tuple[SeriesReference, ...], bool]:
    """assignments/*.json: leaf with place, its series in the order of the data root, whether it is erased."""
    reference = record_of("series", {"series_pid": _HASH, "first_revision": whole32} | _TREE)
    notice = record_of("erased", {"legal_basis": text, "erased_at_s": whole})
    fields = parse_record(
        value,
        "assignment",
        {
            "leaf": optional(hexadecimal(372)),
            "fields": optional(record_of("fields", _ASSIGNMENT_FIELDS)),
            "proof": record_of("proof", _PROOF),
            "series": list_of(reference),
            "erased": optional(notice),
        },
    )
    series = tuple(SeriesReference(**one) for one in fields["series"])
    is_tombstone = fields["fields"] is not None and bool(fields["fields"]["flags"] & TOMBSTONE)
    leaf = _member_leaf(fields, may_lack=fields["erased"] is not None)
    return leaf, series, is_tombstone or fields["erased"] is not None


def parse_roster(value: Any) -> MemberLeaf:
    """roster/*.json."""
    parsers = {
        "leaf": optional(hexadecimal(84)),
        "fields": optional(record_of("fields", _ROSTER_FIELDS)),
        "proof": record_of("proof", _PROOF),
    }
    return _member_leaf(parse_record(value, "roster", parsers), may_lack=True)


def _member_leaf(fields: dict[str, Any], *, may_lack: bool) -> MemberLeaf:
    if (fields["leaf"] is None) != (fields["fields"] is None) or (fields["leaf"] is None and not may_lack):
        raise InputError("bundle_field", "leaf and fields are given together, unless erased")
    return MemberLeaf(fields["leaf"], fields["fields"], Proof(**fields["proof"]))


def parse_series(value: Any) -> SeriesTree:
    """series/*.json, and the trees inside aggregates/*.json."""
    fields = parse_record(value, "series", _SERIES_FIELDS)
    header = SeriesHeader(**fields["header"])
    return SeriesTree(fields["period"], fields["first_revision"], fields["number"], header, fields["leaves"])


def parse_aggregates(value: Any) -> Aggregates:
    """aggregates/*.json."""
    parsers = {
        "roots": list_of(record_of("roots", _TREE)),
        "withdrawn": optional(parse_series),
        "injected": optional(parse_series),
    }
    fields = parse_record(value, "aggregates", parsers)
    roots = tuple((one["root"], one["tree_size"]) for one in fields["roots"])
    return Aggregates(roots, fields["withdrawn"], fields["injected"])


def parse_ingest(value: Any) -> IngestProofs:
    """ingest/*.json: leaves of the ingest log by index, each with its path."""
    leaf = {
        "leaf": optional(hexadecimal(LEAF_BYTES)),
        "leaf_hash": _HASH,
        "leaf_index": whole32,
        "path": list_of(_HASH),
        "parts": list_of(_HASH),
    }
    parsers = {"root": _HASH, "size": whole, "leaves": list_of(record_of("leaves", leaf))}
    fields = parse_record(value, "ingest", parsers)
    return IngestProofs(fields["root"], fields["size"], tuple(Source(**one) for one in fields["leaves"]))


def parse_chain(value: Any) -> ChainPlace:
    """chain/*.json; the places of receipt proof and seals must be null in this format version."""
    fields = parse_record(
        value,
        "chain",
        {
            "chain_id": whole,
            "genesis_hash": _HASH,
            "contract": _ADDRESS,
            "transaction": _HASH,
            "block": record_of("block", {"number": whole, "hash": _HASH}),
            "receipt_proof": null,
            "seals": null,
        },
    )
    del fields["receipt_proof"], fields["seals"]
    block = fields.pop("block")
    return ChainPlace(**fields, block_number=block["number"], block_hash=block["hash"])
