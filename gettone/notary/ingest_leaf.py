"""Leaves of the ingest log, 128 bytes each (metering specification §2); hashed into the tree of RFC 6962.

"lecn.ing" 8 | nonce 32 | u32 leaf_index | u16 class | u16 kind | u64 received_at ms | u64 bytes | sha256 32 |
report_sha256 32, all big-endian.
"""

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from gettone.errors import InputError
from gettone.notary.tree import leaf_hash

TAG = b"lecn.ing"
LEAF_BYTES = 128
_LEAF = struct.Struct(">8s32sIHHQQ32s32s")
_FIRST_ZEROS = bytes(32)


class LeafKind(IntEnum):
    """What a leaf says happened."""

    RECEIVED = 1
    OUTCOME = 2
    ASSEMBLY = 3
    TOMBSTONE = 4
    AUDIT_HEAD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One entry of the log.

    nonce: 32 random bytes of the batch, so that nobody can guess a small one.  source_class: class of the flow (§1),
    0 where there is none.  received_at: [unix ms].  size_bytes, sha256: of the payload; for an assembly the number
    and `assembly_digest` of the leaf hashes.  report_sha256: of the report, zero before there is one.
    """

    nonce: bytes
    leaf_index: int
    source_class: int
    kind: LeafKind
    received_at: int
    size_bytes: int
    sha256: bytes
    report_sha256: bytes = _FIRST_ZEROS

    def preimage(self) -> bytes:
        """The 128 bytes."""
        return _LEAF.pack(
            TAG,
            self.nonce,
            self.leaf_index,
            self.source_class,
            self.kind,
            self.received_at,
            self.size_bytes,
            self.sha256,
            self.report_sha256,
        )

    def hash(self) -> bytes:
        """Its leaf hash: SHA-256 of 0x00 and the 128 bytes."""
        return leaf_hash(self.preimage())

    @classmethod
    def of_preimage(cls, preimage: bytes) -> "Leaf":
        """The leaf of 128 bytes; InputError `ingest_leaf` for any others."""
        if len(preimage) != LEAF_BYTES or not preimage.startswith(TAG):
            raise InputError(
                "ingest_leaf", f"a leaf of the ingest log has 128 bytes after {TAG.decode()}, this has not"
            )
        _, nonce, index, source_class, kind, received_at, size, sha256, report = _LEAF.unpack(preimage)
        if kind not in set(LeafKind):
            raise InputError("ingest_leaf", f"leaf {index} of the ingest log has the unknown kind {kind}")
        return cls(
            nonce=nonce,
            leaf_index=index,
            source_class=source_class,
            kind=LeafKind(kind),
            received_at=received_at,
            size_bytes=size,
            sha256=sha256,
            report_sha256=report,
        )


def assembly_digest(leaf_hashes: Iterable[bytes]) -> bytes:
    """SHA-256 of sorted leaf hashes: what an assembly leaf says of the several batches behind one series."""
    return hashlib.sha256(b"".join(sorted(set(leaf_hashes)))).digest()
