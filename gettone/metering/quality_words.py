"""Words of the report on the quality of readings, in English and Italian: columns, directions, findings."""

from gettone.metering.codes import Code
from gettone.types import Direction

COLUMNS: dict[str, dict[str, str]] = {
    "en": {
        "member_id": "member",
        "channel_id": "channel",
        "direction": "direction",
        "step_s": "step [s]",
        "expected": "expected",
        "actual": "measured",
        "permille": "permille",
        "estimated": "estimated",
        "substituted": "substituted",
        "quarantined": "in quarantine",
        "missing": "missing",
        "days_open": "days not closed",
        "gaps": "gaps",
        "long_gaps": "long gaps",
        "anomalies": "open anomalies",
    },
    "it": {
        "member_id": "membro",
        "channel_id": "canale",
        "direction": "direzione",
        "step_s": "passo [s]",
        "expected": "attesi",
        "actual": "misurati",
        "permille": "per mille",
        "estimated": "stimati",
        "substituted": "sostituiti",
        "quarantined": "in quarantena",
        "missing": "mancanti",
        "days_open": "giorni non chiusi",
        "gaps": "lacune",
        "long_gaps": "lacune lunghe",
        "anomalies": "anomalie aperte",
    },
}

DIRECTIONS: dict[str, dict[Direction, str]] = {
    "en": {
        Direction.EXCHANGE: "net exchange",
        Direction.WITHDRAWAL: "withdrawal",
        Direction.INJECTION: "injection",
        Direction.PRODUCTION: "production",
        Direction.LOAD: "load",
        Direction.STORAGE: "storage",
    },
    "it": {
        Direction.EXCHANGE: "scambio netto",
        Direction.WITHDRAWAL: "prelievo",
        Direction.INJECTION: "immissione",
        Direction.PRODUCTION: "produzione",
        Direction.LOAD: "carico",
        Direction.STORAGE: "accumulo",
    },
}

_FINDINGS: dict[str, dict[str, str]] = {
    "en": {
        Code.P_BOUND: "more than the connection can carry",
        Code.D_CONFLICT: "different values in one file",
        Code.S_STUCK: "the same value for hours",
        Code.S_ZERO: "zero for a week",
        Code.S_CATCHUP: "caught up after a zero or a gap",
        Code.C_SUM: "sum differs from register or bands",
        Code.C_SOURCES: "two sources differ",
        Code.C_INJECT: "more injected than produced",
        Code.C_NIGHT: "production at night",
        Code.C_YIELD: "yield below half of the others",
        Code.G_IMPLAUSIBLE: "gap with implausible energy",
        Code.M_LONG: "long gap",
        Code.T_CLOCK: "clock suspected",
        Code.L_LATE: "came after its period was frozen",
        Code.A_SILENT: "the source is silent",
        Code.A_FETCH: "the file of a day did not come",
        Code.A_DEAD: "batches failed ten times and wait for a person",
    },
    "it": {
        Code.P_BOUND: "più di quanto porti la connessione",
        Code.D_CONFLICT: "valori diversi in un file",
        Code.S_STUCK: "lo stesso valore per ore",
        Code.S_ZERO: "zero per una settimana",
        Code.S_CATCHUP: "recupero dopo uno zero o una lacuna",
        Code.C_SUM: "la somma differisce da registro o fasce",
        Code.C_SOURCES: "due fonti differiscono",
        Code.C_INJECT: "immesso più del prodotto",
        Code.C_NIGHT: "produzione di notte",
        Code.C_YIELD: "resa sotto la metà degli altri",
        Code.G_IMPLAUSIBLE: "lacuna con energia inverosimile",
        Code.M_LONG: "lacuna lunga",
        Code.T_CLOCK: "orologio sospetto",
        Code.L_LATE: "arrivato dopo il congelamento del periodo",
        Code.A_SILENT: "la fonte tace",
        Code.A_FETCH: "il file di un giorno non è arrivato",
        Code.A_DEAD: "lotti falliti dieci volte attendono una persona",
    },
}


def finding_in_words(code: str, language: str = "en") -> str:
    """A code with what it means; a code without words stands for itself."""
    words = _FINDINGS[language].get(code)
    return code if words is None else f"{code}, {words}"


def direction_in_words(direction: Direction, language: str = "en") -> str:
    """What a channel measures."""
    return DIRECTIONS[language][direction]
