"""The leaf preimages of LECN-1 §1: fixed lengths, tagged, big-endian; decoders refuse everything else."""

import struct
from dataclasses import dataclass
from typing import Any

from gettone.errors import InputError

SLOT = struct.Struct(">8s32sIqBB")
HEADER = struct.Struct(">8s32s32sQIIbBH32s")
ROSTER = struct.Struct(">8s32sI20sqqI")
ASSIGNMENT = struct.Struct(">8sHH32sQQIII20s20s32s32s32s32sI32s32s32s32s")

SLOT_TAG, HEADER_TAG, ROSTER_TAG, ASSIGNMENT_TAG = b"lecn.slt", b"lecn.ser", b"lecn.ros", b"lecn.asg"
LEAF_VERSION = 1
OPEN_END = (1 << 63) - 1
ZERO_HASH = bytes(32)
ZERO_ADDRESS = bytes(20)

SUPERSEDES, ZERO_AMOUNT, TOMBSTONE = 1, 2, 4


@dataclass(frozen=True, slots=True)
class SlotLeaf:
    """One slot: value in Wh * 10^e of its header; quality 0 is a missing slot of value 0."""

    nonce: bytes
    slot: int
    value: int
    quality: int

    def encode(self) -> bytes:
        """The 54 bytes of the leaf."""
        return _pack(SLOT, SLOT_TAG, self.nonce, self.slot, self.value, self.quality, 0)


@dataclass(frozen=True, slots=True)
class SeriesHeader:
    """Index 0 of a series tree; times in unix seconds, `exponent` e of the values' unit Wh * 10^e."""

    nonce: bytes
    series_pid: bytes
    period_start_s: int
    slot_s: int
    slot_count: int
    exponent: int
    direction: int
    source_class: int
    source_digest: bytes

    def encode(self) -> bytes:
        """The 124 bytes of the leaf."""
        return _pack(
            HEADER,
            HEADER_TAG,
            self.nonce,
            self.series_pid,
            self.period_start_s,
            self.slot_s,
            self.slot_count,
            self.exponent,
            self.direction,
            self.source_class,
            self.source_digest,
        )


@dataclass(frozen=True, slots=True)
class RosterLeaf:
    """One member of the roster; wallet 20 zero bytes if none yet, `member_to_s` OPEN_END if open."""

    blind: bytes
    leaf_index: int
    wallet: bytes
    member_from_s: int
    member_to_s: int
    series_count: int

    def encode(self) -> bytes:
        """The 84 bytes of the leaf."""
        return _pack(
            ROSTER,
            ROSTER_TAG,
            self.blind,
            self.leaf_index,
            self.wallet,
            self.member_from_s,
            self.member_to_s,
            self.series_count,
        )


@dataclass(frozen=True, slots=True)
class AssignmentLeaf:
    """The entitlement of one member in one revision of one period; `amount_units` in token base units."""

    flags: int
    deployment_id: bytes
    period_start_s: int
    period_end_s: int
    period_index: int
    revision: int
    leaf_index: int
    wallet: bytes
    token: bytes
    amount_units: int
    model_digest: bytes
    params_digest: bytes
    data_root: bytes
    series_count: int
    input_digest: bytes
    trace_digest: bytes
    prev_leaf: bytes
    blind: bytes

    def encode(self) -> bytes:
        """The 372 bytes of the leaf."""
        if not 0 <= self.amount_units < 1 << 256:
            raise InputError("leaf_field", f"amount {self.amount_units} does not fit 256 bits")
        return _pack(
            ASSIGNMENT,
            ASSIGNMENT_TAG,
            LEAF_VERSION,
            self.flags,
            self.deployment_id,
            self.period_start_s,
            self.period_end_s,
            self.period_index,
            self.revision,
            self.leaf_index,
            self.wallet,
            self.token,
            self.amount_units.to_bytes(32, "big"),
            self.model_digest,
            self.params_digest,
            self.data_root,
            self.series_count,
            self.input_digest,
            self.trace_digest,
            self.prev_leaf,
            self.blind,
        )


def decode_slot(leaf: bytes) -> SlotLeaf:
    """Read a slot leaf; InputError for a wrong length, tag, quality, flag, or a missing slot with a value."""
    _, salt, slot, value, quality, flags = _unpack(SLOT, SLOT_TAG, leaf)
    if flags != 0 or quality > 4 or (quality == 0 and value != 0):
        raise InputError("leaf_field", f"slot leaf {slot}: quality {quality}, value {value}, flags {flags}")
    return SlotLeaf(salt, slot, value, quality)


def decode_header(leaf: bytes) -> SeriesHeader:
    """Read a series header; InputError for a wrong length or tag."""
    return SeriesHeader(*_unpack(HEADER, HEADER_TAG, leaf)[1:])


def decode_roster(leaf: bytes) -> RosterLeaf:
    """Read a roster leaf; InputError for a wrong length or tag."""
    return RosterLeaf(*_unpack(ROSTER, ROSTER_TAG, leaf)[1:])


def decode_assignment(leaf: bytes) -> AssignmentLeaf:
    """Read an assignment leaf; InputError for a wrong length, tag or version, or an unknown or false flag."""
    fields = list(_unpack(ASSIGNMENT, ASSIGNMENT_TAG, leaf)[1:])
    version, flags = fields.pop(0), fields[0]
    fields[9] = int.from_bytes(fields[9], "big")
    if version != LEAF_VERSION:
        raise InputError("leaf_version", f"assignment leaf version {version} is not known: this code reads 1")
    decoded = AssignmentLeaf(*fields)
    if flags != leaf_flags(decoded.prev_leaf, decoded.amount_units) | flags & TOMBSTONE:
        raise InputError("leaf_field", f"flags {flags} of the assignment leaf do not fit its other fields")
    return decoded


def leaf_flags(prev_leaf: bytes, amount_units: int) -> int:
    """Flags 1 (supersedes) and 2 (zero amount) as they follow from the fields."""
    return (SUPERSEDES if prev_leaf != ZERO_HASH else 0) | (ZERO_AMOUNT if amount_units == 0 else 0)


def _pack(layout: struct.Struct, *fields: object) -> bytes:
    # struct pads short byte strings and cuts long ones silently; a leaf of wrong length must never be hashed.
    widths = [int(w or 1) for w in _byte_widths(layout)]
    texts = [field for field in fields if isinstance(field, bytes)]
    if [len(text) for text in texts] != widths:
        raise InputError("leaf_field", f"a field of leaf {texts[0].decode()} has the wrong length")
    try:
        return layout.pack(*fields)
    except struct.error as cause:
        raise InputError("leaf_field", f"leaf {texts[0].decode()} cannot hold a field: {cause}") from None


def _byte_widths(layout: struct.Struct) -> list[str]:
    return [part.lstrip("QIHBqb") for part in layout.format[1:].split("s")[:-1]]


def _unpack(layout: struct.Struct, tag: bytes, leaf: bytes) -> tuple[Any, ...]:
    if len(leaf) != layout.size or leaf[:8] != tag:
        found = f"{len(leaf)} bytes tagged {leaf[:8]!r}"
        raise InputError("leaf_bytes", f"expected {layout.size} bytes tagged {tag!r}, found {found}")
    return layout.unpack(leaf)
