"""Signatures of oracles under proposals: one of each signer, in whatever order they arrive."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from gettone.db.tables import SettlementAttestation


class AttestationRow(NamedTuple):
    """One signature (65 bytes) of a proposal; `signer` is an EIP-55 address, `received_at` unix ms."""

    signer: str
    signature: bytes
    received_at: int


class Attestations:
    """Reads and writes `settlement_attestations`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, settlement_id: int) -> tuple[AttestationRow, ...]:
        """The signatures of a settlement, by signer."""
        query = select(
            SettlementAttestation.signer, SettlementAttestation.signature, SettlementAttestation.received_at
        ).where(SettlementAttestation.settlement_id == settlement_id)
        rows = self._connection.execute(query.order_by(SettlementAttestation.signer))
        return tuple(AttestationRow(row[0], bytes(row[1]), row[2]) for row in rows)

    def add(self, settlement_id: int, row: AttestationRow) -> bool:
        """Store a signature; False when this signer has signed already, and then the first signature stays."""
        if row.signer in {one.signer for one in self.of(settlement_id)}:
            return False
        values = {"settlement_id": settlement_id, **row._asdict()}
        self._connection.execute(insert(SettlementAttestation).values(**values))
        return True

    def remove(self, settlement_id: int, signers: Iterable[str]) -> None:
        """Forget the signatures of these signers."""
        chosen = (SettlementAttestation.settlement_id == settlement_id, SettlementAttestation.signer.in_(list(signers)))
        self._connection.execute(delete(SettlementAttestation).where(*chosen))
