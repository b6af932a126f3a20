"""Tables by slot: estimates, samples, weather, gaps, coverage, anomalies; keys of readings checked once per batch."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_BY_SLOT = ("readings", "reading_versions", "estimates", "samples", "weather")
_OF_READINGS = ("readings", "reading_versions")
_KEYS = {"channel_id": "channels", "batch_id": "batches"}


def upgrade() -> None:
    """Add the tables and columns of this revision."""
    _create_estimates()
    _create_samples()
    _create_weather()
    _create_gaps()
    _create_coverage_days()
    _create_anomalies()
    if op.get_context().dialect.name == "sqlite":
        _rebuild_without_keys()
    else:
        _drop_keys()
        _index_slots()


def downgrade() -> None:
    """Drop them."""
    if op.get_context().dialect.name == "sqlite":
        _rebuild_with_keys()
    else:
        for table in _OF_READINGS:
            op.drop_index(f"ix_{table}_slot", table)
        _add_keys()
    op.drop_table("anomalies")
    op.drop_table("coverage_days")
    op.drop_table("gaps")
    op.drop_table("weather")
    op.drop_table("samples")
    op.drop_table("estimates")


def _drop_keys() -> None:
    """A foreign key of a table by slot costs more than all other work of a row; the merge checks once per batch."""
    for table in _OF_READINGS:
        for column in _KEYS:
            op.drop_constraint(f"fk_{table}_{column}", table, type_="foreignkey")


def _add_keys() -> None:
    for table in _OF_READINGS:
        for column, target in _KEYS.items():
            op.create_foreign_key(f"fk_{table}_{column}", table, target, [column], [column])


def _index_slots() -> None:
    for table in _BY_SLOT:
        op.create_index(f"ix_{table}_slot", table, ["slot"], postgresql_using="brin")


def _rebuild_without_keys() -> None:
    for table in _OF_READINGS:
        _rebuild(table, [])


def _rebuild_with_keys() -> None:
    for table in _OF_READINGS:
        keys = [
            sa.ForeignKeyConstraint([column], [f"{target}.{column}"], name=op.f(f"fk_{table}_{column}"))
            for column, target in _KEYS.items()
        ]
        _rebuild(table, keys)


def _rebuild(table: str, keys: list[sa.ForeignKeyConstraint]) -> None:
    """SQLite cannot take a constraint away: the rows move into a table without it."""
    op.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
    columns = _columns(table)
    primary = ["channel_id", "slot"] if table == "readings" else ["channel_id", "slot", "version"]
    op.create_table(
        table, *columns, *keys, sa.PrimaryKeyConstraint(*primary, name=op.f(f"pk_{table}")), sqlite_with_rowid=False
    )
    names = ", ".join(column.name for column in columns)
    op.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {table}_before")  # noqa: S608 - names of this file
    op.drop_table(f"{table}_before")


def _columns(table: str) -> list[sa.Column[int] | sa.Column[str]]:
    key = [sa.Column("channel_id", sa.Integer(), autoincrement=False, nullable=False)]
    key.append(sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False))
    number = sa.Column("version", sa.SmallInteger(), autoincrement=False, nullable=False)
    value = [sa.Column("wh", sa.Integer(), nullable=table != "readings")]
    value += [sa.Column(name, sa.SmallInteger(), nullable=False) for name in ("quality", "rank")]
    batch = sa.Column("batch_id", sa.Integer(), nullable=False)
    if table == "readings":
        return [*key, *value, number, batch]
    return [*key, number, *value, batch, sa.Column("state", sa.Text(), nullable=False)]


def _create_estimates() -> None:
    op.create_table(
        "estimates",
        sa.Column("channel_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wh", sa.Integer(), nullable=False),
        sa.Column("rule", sa.SmallInteger(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel_id", "slot", name=op.f("pk_estimates")),
        postgresql_partition_by="RANGE (slot)",
        sqlite_with_rowid=False,
    )


def _create_samples() -> None:
    op.create_table(
        "samples",
        sa.Column("channel_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signal_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel_id", "slot", "signal_id", name=op.f("pk_samples")),
        postgresql_partition_by="RANGE (slot)",
        sqlite_with_rowid=False,
    )


def _create_weather() -> None:
    op.create_table(
        "weather",
        sa.Column("station_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signal_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("quality", sa.SmallInteger(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("station_id", "slot", "signal_id", name=op.f("pk_weather")),
        postgresql_partition_by="RANGE (slot)",
        sqlite_with_rowid=False,
    )


def _create_gaps() -> None:
    op.create_table(
        "gaps",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("first_slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("wh", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.channel_id"], name=op.f("fk_gaps_channel_id")),
        sa.PrimaryKeyConstraint("channel_id", "first_slot", name=op.f("pk_gaps")),
    )


def _create_coverage_days() -> None:
    op.create_table(
        "coverage_days",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("local_day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("expected", sa.SmallInteger(), nullable=False),
        sa.Column("actual", sa.SmallInteger(), nullable=False),
        sa.Column("estimated", sa.SmallInteger(), nullable=False),
        sa.Column("substituted", sa.SmallInteger(), nullable=False),
        sa.Column("quarantined", sa.SmallInteger(), nullable=False),
        sa.Column("wh_plus", sa.BigInteger(), nullable=False),
        sa.Column("wh_minus", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.channel_id"], name=op.f("fk_coverage_days_channel_id")),
        sa.PrimaryKeyConstraint("channel_id", "local_day", name=op.f("pk_coverage_days")),
    )


def _create_anomalies() -> None:
    op.create_table(
        "anomalies",
        sa.Column("anomaly_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("flow_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("first_slot", sa.Integer(), nullable=False),
        sa.Column("last_slot", sa.Integer(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.channel_id"], name=op.f("fk_anomalies_channel_id")),
        sa.ForeignKeyConstraint(["flow_id"], ["flows.flow_id"], name=op.f("fk_anomalies_flow_id")),
        sa.PrimaryKeyConstraint("anomaly_id", name=op.f("pk_anomalies")),
    )
    op.create_index(op.f("ix_anomalies_channel_id_first_slot"), "anomalies", ["channel_id", "first_slot"], unique=False)
    op.create_index(op.f("ix_anomalies_flow_id_first_slot"), "anomalies", ["flow_id", "first_slot"], unique=False)
