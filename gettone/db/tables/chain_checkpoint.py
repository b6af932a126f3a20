"""chain_checkpoints: the last final block known of each network."""

from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I8, Base, Blob, InstantMs


class ChainCheckpoint(Base):
    """A block that a network must still have: `chain` is the hash of its first block, `block_hash` of this one."""

    __tablename__ = "chain_checkpoints"

    chain: Mapped[Blob] = mapped_column(primary_key=True)
    block_number: Mapped[I8]
    block_hash: Mapped[Blob]
    updated_at: Mapped[InstantMs]
