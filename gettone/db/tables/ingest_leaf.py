"""ingest_log: the append-only log of all that was received and what became of it."""

from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I8, Base, Blob


class IngestLeaf(Base):
    """The tree of RFC 6962 over `leaf_hash`.

    triggers refuse any change but blanking `preimage` when a person is erased.
    """

    __tablename__ = "ingest_log"

    leaf_index: Mapped[I8] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[I2]
    leaf_hash: Mapped[Blob]
    preimage: Mapped[Blob | None]
