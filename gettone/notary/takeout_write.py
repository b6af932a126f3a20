"""From a take-out to the bytes of its zip: files, manual, program, manifest, operator signature."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from gettone.jcs import canonical
from gettone.notary.archive import write_archive
from gettone.notary.manual import MANUAL
from gettone.notary.takeout import Takeout
from gettone.notary.takeout_files import takeout_files
from gettone.notary.takeout_format import FORMAT, FORMAT_WITH_SOURCES, SIGNATURE_SCHEME

Signer = Callable[[bytes], tuple[bytes, bytes]]
"""Signs a message by EIP-191 (personal message); returns the signer's address (20 bytes) and r, s, v (65)."""


def write_takeout(takeout: Takeout, *, verifier: bytes, sign: Signer | None = None) -> bytes:
    """The zip of `takeout`: the same content, verifier and deterministic signer give the same bytes.

    `verifier` is the program put inside as verify.py (`verify_bundle.verifier_source()`).  Without `sign` the
    manifest says so: nothing in the verification rests on the signature, it only names who handed this out.
    """
    files = takeout_files(takeout) | {"VERIFY.md": MANUAL.encode(), "verify.py": verifier}
    manifest = manifest_of(takeout, files)
    signature = None
    if sign is not None:
        address, signed = sign(signed_message(manifest))
        signature = {"scheme": SIGNATURE_SCHEME, "address": address.hex(), "signature": signed.hex()}
    files["manifest.json"] = canonical(manifest | {"operator_signature": signature})
    return write_archive(files)


def manifest_of(takeout: Takeout, files: dict[str, bytes]) -> dict[str, Any]:
    """The manifest without its signature; `files` are all other entries."""
    has_log = any(one.sources is not None for one in takeout.settlements)
    return {
        "format": FORMAT_WITH_SOURCES if has_log else FORMAT,
        "community": takeout.community_id,
        "subject": takeout.subject,
        "from_s": takeout.from_s,
        "to_s": takeout.to_s,
        "level": takeout.level.value,
        "settlements": [{"period": one.period_index, "revision": one.revision} for one in takeout.settlements],
        "files": [
            {"name": name, "bytes": len(files[name]), "sha256": sha256(files[name]).hexdigest()}
            for name in sorted(files, key=str.encode)
        ],
    }


def signed_message(manifest: dict[str, Any]) -> bytes:
    """What the operator signs: the canonical manifest without `operator_signature`."""
    return canonical({name: value for name, value in manifest.items() if name != "operator_signature"})
