"""What indicators, columns and widgets are called in English and Italian."""

from enum import StrEnum


class Language(StrEnum):
    """A language that people read."""

    EN = "en"
    IT = "it"


WIDGETS = {
    "summary": ("Indicators", "Indicatori"),
    "series": ("Over time", "Andamento"),
    "community_card": ("The community", "La comunità"),
    "community_map": ("Map of the community", "Mappa della comunità"),
    "load_last_week": ("Load and production of the last week", "Carico e produzione dell'ultima settimana"),
    "consumption": ("Consumption by month", "Consumi per mese"),
    "day_type_profiles": ("Work days and other days by season", "Giorni feriali e non feriali per stagione"),
    "daily_rates": ("Self-sufficiency day by day", "Autosufficienza giorno per giorno"),
    "mean_load": ("Mean day, last week and the one before", "Giorno medio, ultima settimana e precedente"),
    "mean_power": ("Mean power compared", "Potenza media a confronto"),
    "extremes": ("Greatest and least power by month", "Potenza massima e minima per mese"),
    "bands_and_base": ("Tariff bands and base load", "Fasce orarie e carico di base"),
    "anomalies": ("Unusual days", "Giorni insoliti"),
    "ranking": ("Ranking by mean month", "Classifica per media mensile"),
    "own_percentile": ("Own place among the members", "La propria posizione tra i membri"),
    "other_signals": ("Other quantities", "Altre grandezze"),
    "day_clusters": ("Groups of similar days by month", "Gruppi di giorni simili per mese"),
    "user_clusters": ("Groups of similar members", "Gruppi di utenze simili"),
    "found_anomalies": ("Anomalies found in the readings", "Anomalie trovate nelle letture"),
    "data_quality": ("Quality of the readings", "Qualità delle letture"),
}

WORDS = {
    "indicator": ("indicator", "indicatore"),
    "value": ("value", "valore"),
    "unit": ("unit", "unità"),
    "period": ("period", "periodo"),
    "load": ("load", "consumo"),
    "production": ("production", "produzione"),
    "withdrawn": ("withdrawn", "prelevata"),
    "injected": ("injected", "immessa"),
    "self": ("self-consumed", "autoconsumo"),
    "shared": ("shared", "condivisa"),
    "self_consumption": ("self-consumption", "autoconsumo percentuale"),
    "self_sufficiency": ("self-sufficiency", "autosufficienza"),
    "production_to_load": ("production to load", "produzione su consumo"),
    "peak_limit": ("peak limit (97.5 %)", "soglia di picco (97,5 %)"),
    "peaks": ("slots above it", "intervalli oltre la soglia"),
    "peak_excess": ("energy above it", "energia oltre la soglia"),
    "base": ("base load (2.5 %)", "carico di base (2,5 %)"),
    "base_share": ("share of the base load", "quota del carico di base"),
    "max_power": ("greatest power", "potenza massima"),
    "max_at": ("at", "il"),
    "min_power": ("least power", "potenza minima"),
    "min_at": ("at", "il"),
    "load_factor": ("load factor", "fattore di carico"),
    "coincidence": ("coincidence factor", "fattore di contemporaneità"),
    "load_in_peak": ("load in the community's peak", "carico nel picco della comunità"),
    "f1": ("F1", "F1"),
    "f2": ("F2", "F2"),
    "f3": ("F3", "F3"),
    "f1_share": ("share of F1", "quota F1"),
    "f2_share": ("share of F2", "quota F2"),
    "f3_share": ("share of F3", "quota F3"),
    "f1_normalised": ("F1 by its hours", "F1 normalizzata sulle ore"),
    "f2_normalised": ("F2 by its hours", "F2 normalizzata sulle ore"),
    "f3_normalised": ("F3 by its hours", "F3 normalizzata sulle ore"),
    "mean_day": ("mean day", "media giornaliera"),
    "change_previous": ("change to the time before", "variazione sul periodo precedente"),
    "change_last_year": ("change to last year", "variazione sull'anno precedente"),
    "per_person": ("per person", "per persona"),
    "per_m2": ("per square metre", "per metro quadro"),
    "against_community": ("against the community's mean", "rispetto alla media della comunità"),
    "against_similar": ("against similar members", "rispetto alle utenze simili"),
    "against_norm": ("against households of that size", "rispetto a famiglie di pari dimensione"),
    "co2": ("CO2 avoided", "CO2 evitata"),
    "tokens_earned": ("tokens earned", "token guadagnati"),
    "tokens_pending": ("tokens pending", "token in attesa"),
    "coverage": ("coverage", "copertura"),
    "measured": ("measured", "misurati"),
    "members": ("members", "membri"),
    "residents": ("residents", "residenti"),
    "plants": ("plants", "impianti"),
    "plant_power": ("power of the plants", "potenza degli impianti"),
    "kind_citizen": ("citizens", "cittadini"),
    "kind_stakeholder": ("stakeholders", "portatori di interesse"),
    "kind_system": ("accounts of the community", "conti della comunità"),
    "use_residential": ("household", "domestico"),
    "use_common_parts": ("common parts of a building", "parti comuni"),
    "use_office": ("office", "ufficio"),
    "use_shop": ("shop", "negozio"),
    "use_industry": ("industry", "industria"),
    "use_public": ("public building", "edificio pubblico"),
    "use_lighting": ("street lighting", "illuminazione pubblica"),
    "use_charging": ("charging of vehicles", "ricarica veicoli"),
    "use_plant": ("generating plant", "impianto di produzione"),
    "use_storage": ("storage", "accumulo"),
    "use_other": ("other", "altro"),
    "cell": ("square of 500 m", "quadrato di 500 m"),
    "latitude": ("latitude", "latitudine"),
    "longitude": ("longitude", "longitudine"),
    "elsewhere": ("elsewhere", "altrove"),
    "season": ("season", "stagione"),
    "winter": ("winter", "inverno"),
    "spring": ("spring", "primavera"),
    "summer": ("summer", "estate"),
    "autumn": ("autumn", "autunno"),
    "day_type": ("days", "giorni"),
    "work_days": ("work days", "feriali"),
    "free_days": ("other days", "non feriali"),
    "time": ("time", "ora"),
    "minimum": ("least", "minimo"),
    "maximum": ("greatest", "massimo"),
    "mean": ("mean", "media"),
    "deviation": ("deviation", "deviazione standard"),
    "last_week": ("last week", "ultima settimana"),
    "week_before": ("week before", "settimana precedente"),
    "community_week": ("community's mean member", "membro medio della comunità"),
    "own_mean_power": ("own mean power", "potenza media propria"),
    "community_mean_power": ("community's mean member", "membro medio della comunità"),
    "norm_mean_power": ("household of that size", "famiglia di pari dimensione"),
    "band": ("band", "fascia"),
    "energy": ("energy", "energia"),
    "share": ("share", "quota"),
    "normalised": ("by its hours", "normalizzata sulle ore"),
    "slots_outside": ("slots outside", "intervalli anomali"),
    "anomalous": ("unusual", "insolito"),
    "yes": ("yes", "sì"),
    "no": ("no", "no"),
    "place": ("place", "posto"),
    "member": ("member", "membro"),
    "mean_month": ("mean month", "media mensile"),
    "own_percentile": ("members who use less", "membri che consumano meno"),
    "missing": ("missing", "mancanti"),
    "actual": ("measured", "misurate"),
    "estimated": ("estimated", "stimate"),
    "corrected": ("corrected", "corrette"),
    "substituted": ("substituted", "sostituite"),
    "gaps": ("gaps", "lacune"),
    "last_reading": ("last reading", "ultima lettura"),
    "code": ("code", "codice"),
    "state": ("state", "stato"),
    "number": ("number", "numero"),
    "first": ("first", "primo"),
    "last": ("last", "ultimo"),
    "signal": ("quantity", "grandezza"),
    "values": ("values", "valori"),
    "cluster": ("group", "gruppo"),
    "description": ("description", "descrizione"),
    "note": ("note", "nota"),
    "own": ("your group", "il tuo gruppo"),
    "unstable": ("unstable: do not rely on it", "instabile: non farvi affidamento"),
    "days": ("days", "giorni"),
}

NOTES = {
    "basis_physical": (
        "Production and load are metered behind the connection points.",
        "Produzione e consumo sono misurati a valle dei punti di connessione.",
    ),
    "basis_grid": (
        "No production meter: load is what was withdrawn, production what was injected.",
        "Nessun contatore di produzione: il consumo è l'energia prelevata, la produzione quella immessa.",
    ),
    "factor": ("CO2 factor: {} mg/Wh, source: {}, year {}.", "Fattore CO2: {} mg/Wh, fonte: {}, anno {}."),
    "norm": (
        "Household of {} persons: {} kWh a year, source: {}.",
        "Famiglia di {} persone: {} kWh all'anno, fonte: {}.",
    ),
    "trust": (
        "Readings cover {} of the time, {} measured.",
        "Le letture coprono {} del tempo, {} misurati.",
    ),
    "provisional": ("Provisional: too many readings are missing.", "Provvisorio: mancano troppe letture."),
    "nothing": ("Nothing to show.", "Niente da mostrare."),
    "too_few_members": (
        "Fewer than eight members: it would reveal neighbours.",
        "Meno di otto membri: mostrarlo svelerebbe i vicini.",
    ),
    "not_permitted": ("Only admins and auditors may see this.", "Visibile solo ad amministratori e revisori."),
    "no_key": (
        "Positions are sealed: name their key in the setting kek_file.",
        "Le posizioni sono cifrate: indicare la chiave nell'impostazione kek_file.",
    ),
    "map_elsewhere": (
        "Elsewhere: members without a position, and squares of fewer than three members or three owners of plants.",
        "Altrove: membri senza posizione, e quadrati con meno di tre membri o di tre proprietari di impianti.",
    ),
    "no_consent": (
        "Shown only to members who asked for it.",
        "Visibile solo ai membri che l'hanno chiesto.",
    ),
}

MONTHS = (
    ("January", "gennaio"),
    ("February", "febbraio"),
    ("March", "marzo"),
    ("April", "aprile"),
    ("May", "maggio"),
    ("June", "giugno"),
    ("July", "luglio"),
    ("August", "agosto"),
    ("September", "settembre"),
    ("October", "ottobre"),
    ("November", "novembre"),
    ("December", "dicembre"),
)
WEEK = ("week {} of {}", "settimana {} del {}")


def word(key: str, language: Language) -> str:
    """The word of a key; a key without one is shown as it is."""
    return _of(WORDS.get(key, (key, key)), language)


def title(key: str, language: Language) -> str:
    """The title of a widget."""
    return _of(WIDGETS[key], language)


def sentence(key: str, language: Language, *values: object) -> str:
    """A note with its values."""
    return _of(NOTES[key], language).format(*values)


def month_name(month: int, language: Language) -> str:
    """The name of a month, 1 to 12."""
    return _of(MONTHS[month - 1], language)


def week_text(week: int, year: int, language: Language) -> str:
    """An ISO week as people name it."""
    return _of(WEEK, language).format(week, year)


def _of(pair: tuple[str, str], language: Language) -> str:
    return pair[language is Language.IT]
