"""Reference tables: codes in two languages, signals, holidays, factors, norms and prices."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TABLES = (
    (1, "readings", "energy of each slot (counterreading in the report)"),
    (2, "weather", "what weather stations measure (weatherdata in the report)"),
    (3, "samples", "current, voltage, power and charge beside energy"),
    (4, "prices", "zonal prices of electricity"),
)
_SIGNALS = (
    (1, "current", 3, "value", "mA", -3, 0, 10_000_000),
    (2, "voltage", 3, "value", "mV", -3, 0, 500_000_000),
    (3, "powactive", 3, "value", "W", 0, -100_000_000, 100_000_000),
    (4, "powreactive", 3, "value", "var", 0, -100_000_000, 100_000_000),
    (5, "chargestatus", 3, "value", "bp", 0, 0, 10_000),
    (6, "stored_energy", 3, "value", "Wh", 0, 0, 2_000_000_000),
    (11, "temperature", 2, "value", "°C", -1, -900, 700),
    (12, "irradiance", 2, "value", "W/m2", 0, 0, 1_600),
    (13, "wind_speed", 2, "value", "m/s", -1, 0, 1_200),
)
_FIXED = (
    (1, 1, "New Year", "Capodanno"),
    (1, 6, "Epiphany", "Epifania"),
    (4, 25, "Liberation Day", "Festa della Liberazione"),
    (5, 1, "Labour Day", "Festa del Lavoro"),
    (6, 2, "Republic Day", "Festa della Repubblica"),
    (8, 15, "Assumption", "Ferragosto"),
    (11, 1, "All Saints", "Ognissanti"),
    (12, 8, "Immaculate Conception", "Immacolata Concezione"),
    (12, 25, "Christmas Day", "Natale"),
    (12, 26, "Saint Stephen", "Santo Stefano"),
)
_BY_LAW = "Law 260/1949 and its amendments"


def upgrade() -> None:
    """Add the tables and columns of this revision."""
    _create_codes()
    _create_measurement_tables()
    _create_signal_labels()
    _create_holidays()
    _create_emission_factors()
    _create_household_norms()
    _create_prices()
    _insert_signals()
    _insert_holidays()
    _insert_emission_factor()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("prices")
    op.drop_table("household_norms")
    op.drop_table("emission_factors")
    op.drop_table("holidays")
    op.drop_table("signal_labels")
    op.drop_table("measurement_tables")
    op.drop_table("codes")


def _insert_signals() -> None:
    tables = sa.table("measurement_tables", *(sa.column(name) for name in ("table_id", "name", "description")))
    op.bulk_insert(tables, [dict(zip(tables.c.keys(), row, strict=True)) for row in _TABLES])
    names = ("signal_id", "code", "table_id", "column", "unit", "scale", "min", "max")
    signals = sa.table("signal_labels", *(sa.column(name) for name in names))
    op.bulk_insert(signals, [dict(zip(names, row, strict=True)) for row in _SIGNALS])


def _insert_holidays() -> None:
    names = ("region", "month", "day", "easter_days", "name_en", "name_it", "from_year", "confirmed", "source")
    rows: list[tuple[object, ...]] = [
        ("IT", month, day, None, en, it, None, True, _BY_LAW) for month, day, en, it in _FIXED
    ]
    rows.append(("IT", None, None, 1, "Easter Monday", "Lunedì dell'Angelo", None, True, _BY_LAW))
    # Announced for 2026 and not confirmed for the bands yet: it is kept, and does not count.
    rows.append(("IT", 10, 4, None, "Saint Francis", "San Francesco", 2026, False, "Law 151/2025"))
    holidays = sa.table("holidays", *(sa.column(name) for name in names))
    op.bulk_insert(holidays, [dict(zip(names, row, strict=True)) for row in rows])


def _insert_emission_factor() -> None:
    names = ("region", "mg_per_wh", "year", "source", "valid_from")
    factors = sa.table("emission_factors", *(sa.column(name) for name in names))
    op.bulk_insert(factors, [dict(zip(names, ("IT", 300, 2025, "illustrative", 0), strict=True))])


def _create_codes() -> None:
    op.create_table(
        "codes",
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("label_it", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("domain", "code", name=op.f("pk_codes")),
    )


def _create_measurement_tables() -> None:
    op.create_table(
        "measurement_tables",
        sa.Column("table_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("description", sa.String(length=255), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("table_id", name=op.f("pk_measurement_tables")),
        sa.UniqueConstraint("name", name=op.f("uq_measurement_tables_name")),
    )


def _create_signal_labels() -> None:
    op.create_table(
        "signal_labels",
        sa.Column("signal_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("table_id", sa.SmallInteger(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("scale", sa.SmallInteger(), nullable=False),
        sa.Column("min", sa.Integer(), nullable=True),
        sa.Column("max", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["table_id"], ["measurement_tables.table_id"], name=op.f("fk_signal_labels_table_id")),
        sa.PrimaryKeyConstraint("signal_id", name=op.f("pk_signal_labels")),
        sa.UniqueConstraint("code", name=op.f("uq_signal_labels_code")),
    )


def _create_holidays() -> None:
    op.create_table(
        "holidays",
        sa.Column("holiday_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("month", sa.SmallInteger(), nullable=True),
        sa.Column("day", sa.SmallInteger(), nullable=True),
        sa.Column("easter_days", sa.SmallInteger(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_it", sa.Text(), nullable=False),
        sa.Column("from_year", sa.SmallInteger(), nullable=True),
        sa.Column("to_year", sa.SmallInteger(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("holiday_id", name=op.f("pk_holidays")),
    )


def _create_emission_factors() -> None:
    op.create_table(
        "emission_factors",
        sa.Column("factor_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("mg_per_wh", sa.Integer(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Integer(), nullable=False),
        sa.Column("valid_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("factor_id", name=op.f("pk_emission_factors")),
    )


def _create_household_norms() -> None:
    op.create_table(
        "household_norms",
        sa.Column("norm_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("people", sa.SmallInteger(), nullable=False),
        sa.Column("year_wh", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Integer(), nullable=False),
        sa.Column("valid_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("norm_id", name=op.f("pk_household_norms")),
    )


def _create_prices() -> None:
    op.create_table(
        "prices",
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step_s", sa.SmallInteger(), nullable=False),
        sa.Column("ueur_mwh", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.batch_id"], name=op.f("fk_prices_batch_id")),
        sa.PrimaryKeyConstraint("zone", "slot", name=op.f("pk_prices")),
    )
