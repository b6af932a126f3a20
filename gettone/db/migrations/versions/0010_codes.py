"""The decoding tables of the report and of this platform, in English and Italian."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_CODES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "frequency": (
        ("second", "every second", "ogni secondo"),
        ("minute", "every minute", "ogni minuto"),
        ("five_minutes", "every five minutes", "ogni cinque minuti"),
        ("quarter_hour", "every quarter of an hour", "ogni quarto d'ora"),
        ("half_hour", "every half hour", "ogni mezz'ora"),
        ("hour", "every hour", "ogni ora"),
        ("day", "every day", "ogni giorno"),
        ("week", "every week", "ogni settimana"),
        ("month", "every month", "ogni mese"),
        ("year", "every year", "ogni anno"),
        ("cron", "as its schedule says", "secondo la pianificazione"),
        ("event", "on events", "su evento"),
        ("irregular", "without a fixed time", "senza cadenza fissa"),
        ("once", "once", "una tantum"),
    ),
    "frequency_derogation": (
        ("none", "never departs from it", "nessuna deroga"),
        ("extra_on_event", "further values on special events", "misure ulteriori su evento"),
        ("may_skip", "may skip values", "può saltare misure"),
        ("free", "only indicative", "solo indicativa"),
    ),
    "measurement_type": (
        ("instant", "instantaneous value", "valore istantaneo"),
        ("mean", "mean over the interval", "media sull'intervallo"),
        ("minimum", "minimum over the interval", "minimo sull'intervallo"),
        ("maximum", "maximum over the interval", "massimo sull'intervallo"),
        ("total", "total of the interval", "totale dell'intervallo"),
        ("cumulative", "cumulative register", "registro cumulativo"),
    ),
    "data_syntax": (
        ("profile", "built-in profile, CSV or Parquet", "profilo interno, CSV o Parquet"),
        ("txt", "text", "testo"),
        ("csv", "CSV", "CSV"),
        ("json", "JSON", "JSON"),
        ("parquet", "Parquet", "Parquet"),
        ("xml", "XML", "XML"),
        ("distributor_xml", "distributor's measurement flow", "flusso misure del distributore"),
        ("urban_dataset", "UrbanDataset", "UrbanDataset"),
        ("proprietary", "proprietary", "proprietario"),
    ),
    "gdpr_classification": (
        ("personal", "personal data", "dati personali"),
        ("pseudonymous", "pseudonymous data", "dati pseudonimizzati"),
        ("anonymous", "anonymous data", "dati anonimi"),
        ("aggregate", "aggregated data", "dati aggregati"),
        ("none", "not about persons", "non riguarda persone"),
    ),
    "identification_method": (
        ("pod", "point of delivery", "punto di prelievo"),
        ("name", "name given by its source", "nome dato dalla sorgente"),
        ("serial", "serial number", "matricola"),
        ("pdr", "gas delivery point", "punto di riconsegna"),
        ("other", "other", "altro"),
    ),
    "device_status": (
        ("planned", "planned", "previsto"),
        ("active", "active", "attivo"),
        ("suspended", "suspended", "sospeso"),
        ("faulty", "faulty", "guasto"),
        ("retired", "retired", "dismesso"),
    ),
    "device_type": (
        ("meter", "meter", "contatore"),
        ("user_device", "user's device (chain 2)", "dispositivo utente (chain 2)"),
        ("concentrator", "concentrator", "concentratore"),
        ("inverter", "inverter", "inverter"),
        ("storage", "storage", "accumulo"),
        ("weather_station", "weather station", "stazione meteo"),
        ("virtual", "virtual", "virtuale"),
    ),
    "use_type": (
        ("residential", "household", "domestico"),
        ("common_parts", "common parts of a building", "parti comuni"),
        ("office", "office", "ufficio"),
        ("shop", "shop", "negozio"),
        ("industry", "industry", "industria"),
        ("public", "public building", "edificio pubblico"),
        ("lighting", "street lighting", "illuminazione pubblica"),
        ("charging", "charging of vehicles", "ricarica veicoli"),
        ("plant", "generating plant", "impianto di produzione"),
        ("storage", "storage", "accumulo"),
        ("other", "other", "altro"),
    ),
    "derived_series_type": (
        ("target_load", "target load curve of the community", "curva obiettivo della comunità"),
        ("mean_day", "mean daily curve", "curva media giornaliera"),
        ("cluster_mean", "mean curve of a cluster", "curva media di un cluster"),
        ("cluster_sd", "standard deviation of a cluster", "deviazione standard di un cluster"),
        ("cluster_cv", "coefficient of variation of a cluster", "coefficiente di variazione di un cluster"),
        ("cleaned", "cleaned series", "serie ripulita"),
        ("forecast", "forecast", "previsione"),
        ("indicator", "indicator over time", "indicatore nel tempo"),
    ),
    "period_type": (
        ("day", "day", "giornaliero"),
        ("work_day", "working day", "feriale"),
        ("free_day", "Saturday, Sunday or holiday", "festivo"),
        ("week", "week", "settimanale"),
        ("month", "month", "mensile"),
        ("season", "season", "stagionale"),
        ("year", "year", "annuale"),
    ),
    "entity": (
        ("energy", "energy", "energia"),
        ("active_power", "active power", "potenza attiva"),
        ("reactive_power", "reactive power", "potenza reattiva"),
        ("current", "current", "corrente"),
        ("voltage", "voltage", "tensione"),
        ("charge", "state of charge", "stato di carica"),
        ("temperature", "temperature", "temperatura"),
        ("price", "price", "prezzo"),
        ("ratio", "ratio", "rapporto"),
    ),
    "x_format": (
        ("unix", "instant, unix seconds", "istante, secondi unix"),
        ("ordinal", "number from 1", "numero progressivo"),
        ("label", "text", "testo esplicativo"),
    ),
    "community_kind": (
        ("rec", "renewable energy community", "comunità energetica rinnovabile"),
        ("cec", "citizen energy community", "comunità energetica di cittadini"),
        ("building", "collective self-consumption of a building", "autoconsumo collettivo di edificio"),
        ("project", "project", "progetto"),
    ),
    "market_zone": (
        ("NORD", "North", "Nord"),
        ("CNOR", "Centre-North", "Centro-Nord"),
        ("CSUD", "Centre-South", "Centro-Sud"),
        ("SUD", "South", "Sud"),
        ("CALA", "Calabria", "Calabria"),
        ("SICI", "Sicily", "Sicilia"),
        ("SARD", "Sardinia", "Sardegna"),
    ),
}


def upgrade() -> None:
    """Insert the codes of this revision."""
    names = ("domain", "code", "label_en", "label_it")
    codes = sa.table("codes", *(sa.column(name) for name in names))
    rows = [(domain, *row) for domain, rows in _CODES.items() for row in rows]
    op.bulk_insert(codes, [dict(zip(names, row, strict=True)) for row in rows])


def downgrade() -> None:
    """Delete them."""
    codes = sa.table("codes", sa.column("domain"))
    op.execute(codes.delete().where(codes.c.domain.in_(list(_CODES))))
