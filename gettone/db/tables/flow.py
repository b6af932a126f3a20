"""flows [14]: a configured stream of one supplier."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Code, InstantMs, Json


class Flow(Base):
    """A stream of readings; `config` is the validated configuration of §3.2 as canonical JSON.

    Frequencies, derogations, types, syntax and class are codes; earlier configurations are in `flow_configs`.
    """

    __tablename__ = "flows"

    flow_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.supplier_id"))
    description: Mapped[str | None] = mapped_column(String(255))
    note: Mapped[str | None] = mapped_column(Text)
    table_id: Mapped[int | None] = mapped_column(ForeignKey("measurement_tables.table_id"))
    send_frequency: Mapped[Code] = mapped_column(server_default="irregular")
    send_cron: Mapped[str | None] = mapped_column(Text)
    send_derogation: Mapped[Code] = mapped_column(server_default="none")
    measure_frequency: Mapped[Code] = mapped_column(server_default="quarter_hour")
    measure_cron: Mapped[str | None] = mapped_column(Text)
    measure_derogation: Mapped[Code] = mapped_column(server_default="none")
    measurement_type: Mapped[Code] = mapped_column(server_default="total")
    channel: Mapped[str | None] = mapped_column(String(256))
    syntax: Mapped[Code | None]
    format_ref: Mapped[str | None] = mapped_column(String(256))
    rights: Mapped[str | None] = mapped_column(Text)
    gdpr_class: Mapped[Code] = mapped_column(server_default="personal")
    on_error: Mapped[str | None] = mapped_column(Text)
    start_at: Mapped[InstantMs] = mapped_column(server_default="0")
    end_at: Mapped[InstantMs | None]
    config: Mapped[Json]
