"""What a gate waits for, in words, in English and Italian."""

from collections.abc import Iterable

from gettone.metering.gate.decision import Condition, Finding, GateState
from gettone.periods import utc_text

LANGUAGES = ("en", "it")

STATES = {
    "en": {
        GateState.OPEN: "the period is running",
        GateState.COLLECTING: "data may still arrive",
        GateState.READY: "the period may be settled",
        GateState.INCOMPLETE: "the deadline has passed and data is missing",
        GateState.FROZEN: "the readings are frozen for a settlement",
        GateState.SETTLED: "the settlement is on chain",
        GateState.BLOCKED: "the period cannot be settled before this is mended",
    },
    "it": {
        GateState.OPEN: "il periodo è in corso",
        GateState.COLLECTING: "possono ancora arrivare dati",
        GateState.READY: "il periodo può essere regolato",
        GateState.INCOMPLETE: "la scadenza è passata e mancano dati",
        GateState.FROZEN: "le letture sono congelate per un regolamento",
        GateState.SETTLED: "il regolamento è in catena",
        GateState.BLOCKED: "il periodo non può essere regolato prima di rimediare",
    },
}

_WORDS = {
    "en": {
        Condition.BATCHES_WAITING: "{found} batches of the period are not processed: {which}",
        Condition.DEVICE_WITHOUT_HOLDER: "{found} devices send readings and have no holder: {which}",
        Condition.DEVICE_IN_TWO_COMMUNITIES: "{found} devices count in two communities at once: {which}",
        Condition.DIRECTIONS_OVERLAP: "{found} devices have a net register beside separate ones: {which}",
        Condition.QUARANTINE: "{found} slots are in quarantine, {limit} are allowed: decide on them",
        Condition.PLANT_SUM: "sums of {found} plant channels disagree with their register or bands: {which}",
        Condition.CLOCK: "the clock of {found} flows is suspected: {which}",
        Condition.RULES_LATE: "model or parameters are of {found_time}, after the period began at {limit_time}",
        Condition.COMMUNITY: "the community has {found} permille of its slots, {limit} are needed",
        Condition.MEMBERS: "{found} permille of the members are complete, {limit} are needed; short are {which}",
        Condition.PLANT: "plant channel {which} has {found} permille of its slots, {limit} are needed",
        Condition.GRACE: "data may arrive until {limit_time}",
    },
    "it": {
        Condition.BATCHES_WAITING: "{found} lotti del periodo non sono elaborati: {which}",
        Condition.DEVICE_WITHOUT_HOLDER: "{found} dispositivi mandano letture e non hanno titolare: {which}",
        Condition.DEVICE_IN_TWO_COMMUNITIES: "{found} dispositivi contano in due comunità insieme: {which}",
        Condition.DIRECTIONS_OVERLAP: "{found} dispositivi hanno un registro netto accanto a due separati: {which}",
        Condition.QUARANTINE: "{found} intervalli sono in quarantena, ne sono ammessi {limit}: decidere",
        Condition.PLANT_SUM: "le somme di {found} canali di impianto non concordano con registro o fasce: {which}",
        Condition.CLOCK: "l'orologio di {found} flussi è sospetto: {which}",
        Condition.RULES_LATE: "modello o parametri registrati il {found_time}, dopo l'inizio del periodo, {limit_time}",
        Condition.COMMUNITY: "la comunità ha {found} per mille dei suoi intervalli, ne servono {limit}",
        Condition.MEMBERS: "{found} per mille dei membri sono completi, ne servono {limit}; mancano {which}",
        Condition.PLANT: "il canale di impianto {which} ha {found} per mille degli intervalli, ne servono {limit}",
        Condition.GRACE: "possono arrivare dati fino al {limit_time}",
    },
}
_TIMED = (Condition.RULES_LATE, Condition.GRACE)
_SHOWN = 5


def state_in_words(state: GateState, language: str = "en") -> str:
    """What a state means."""
    return STATES[language][state]


def in_words(finding: Finding, language: str = "en") -> str:
    """One finding as a clause, with figures and ids; pseudonyms are cut to eight digits."""
    times = {}
    if finding.condition in _TIMED:
        times = {"found_time": utc_text(finding.found), "limit_time": utc_text(finding.limit)}
    words = _WORDS[language][finding.condition]
    return words.format(found=finding.found, limit=finding.limit, which=_listed(finding.which), **times)


def all_in_words(findings: Iterable[Finding], language: str = "en") -> str:
    """Several findings as one sentence."""
    return "; ".join(in_words(one, language) for one in findings)


def _listed(which: tuple[str, ...]) -> str:
    shown = ", ".join(one[:8] for one in which[:_SHOWN])
    return f"{shown} … ({len(which)})" if len(which) > _SHOWN else shown
