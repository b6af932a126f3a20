"""The attestation of one oracle as a file: who signed which proposal of which contract set.  Nothing personal."""

import json
from dataclasses import dataclass
from pathlib import Path

from gettone.errors import InputError
from gettone.jcs import canonical
from oracle.attestation.request import Place

SCHEMA = "gettone.attestation/1"
_NAMES = {
    "schema",
    "community",
    "chain_id",
    "genesis_hash",
    "ledger",
    "period_index",
    "revision",
    "proposal_hash",
    "signer",
    "signature",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """An oracle's 65-byte EIP-712 signature under the proposal with that struct hash."""

    place: Place
    period_index: int
    revision: int
    proposal_hash: bytes
    signer: str
    signature: bytes

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return canonical(
            {
                "schema": SCHEMA,
                "community": self.place.community,
                "chain_id": str(self.place.chain_id),
                "genesis_hash": self.place.genesis_hash.hex(),
                "ledger": self.place.ledger,
                "period_index": str(self.period_index),
                "revision": str(self.revision),
                "proposal_hash": self.proposal_hash.hex(),
                "signer": self.signer,
                "signature": self.signature.hex(),
            }
        )


def read_statement(path: Path) -> Statement:
    """The attestation in a file; InputError `attestation_file` for any other file."""
    try:
        document = json.loads(path.read_bytes())
        if set(document) != _NAMES or document["schema"] != SCHEMA:
            raise ValueError("it has other names")
        place = Place(
            str(document["community"]),
            int(document["chain_id"]),
            bytes.fromhex(document["genesis_hash"]),
            str(document["ledger"]),
        )
        signature = bytes.fromhex(document["signature"])
        if len(signature) != 65:
            raise ValueError(f"its signature has {len(signature)} bytes instead of 65")
        numbers = (int(document["period_index"]), int(document["revision"]))
        return Statement(place, *numbers, bytes.fromhex(document["proposal_hash"]), str(document["signer"]), signature)
    except (OSError, ValueError, KeyError, TypeError) as cause:
        raise InputError(
            "attestation_file",
            f"{path.name} is no attestation ({cause}): take the file that `gettone settle attest` wrote",
        ) from None
