"""What jobs do and how they stand, in words, in English and Italian."""

from gettone.db.repositories.job_runs import RunState
from gettone.periods import utc_text
from oracle.worker.status import JobStatus

LANGUAGES = ("en", "it")

JOBS = {
    "sources": ("take what sources sent", "prendere ciò che le fonti hanno mandato"),
    "index": ("index the events of the chain", "indicizzare gli eventi della catena"),
    "resend": ("bring signed transactions home", "portare a termine le transazioni firmate"),
    "resume": ("finish settlements that were begun", "finire i regolamenti iniziati"),
    "settlements": ("settle periods that are over", "regolare i periodi finiti"),
    "operations": ("do what was asked for through the API", "svolgere ciò che è stato chiesto tramite l'API"),
    "anchor": ("write the ingest log to the chain", "scrivere in catena il registro degli arrivi"),
    "mails": ("send mails to people", "inviare le e-mail alle persone"),
    "checks": ("judge days that are over", "giudicare i giorni finiti"),
    "reconciliation": ("compare chain, index and settlements", "confrontare catena, indice e regolamenti"),
    "tables": ("prepare tables for the months ahead", "preparare le tabelle per i mesi a venire"),
    "retention": ("delete what is older than it may be", "cancellare ciò che è più vecchio del consentito"),
}

_STATES = {
    RunState.RUNNING: ("runs since {started} on {host}", "in corso dalle {started} su {host}"),
    RunState.DONE: ("done at {ended}", "riuscito alle {ended}"),
    RunState.HELD: ("waits for a person or for data [{code}]", "attende una persona o dei dati [{code}]"),
    RunState.FAILED: (
        "failed {failures} times in a row, last at {ended} [{code}]",
        "fallito {failures} volte di seguito, l'ultima alle {ended} [{code}]",
    ),
    RunState.INTERRUPTED: ("interrupted at {ended}, goes on next time", "interrotto alle {ended}, riprende poi"),
    RunState.LOST: (
        "lost: its process on {host} ended without a word after {started}",
        "perso: il suo processo su {host} è finito senza dirlo dopo le {started}",
    ),
}
_NEVER = ("never ran", "mai eseguito")
_MISSING = ("needs {names}", "richiede {names}")
_OFF = ("switched off", "spento")
_DUE = ("next at {due}", "prossimo alle {due}")


def title(name: str, language: str) -> str:
    """What a job does."""
    return JOBS[name][LANGUAGES.index(language)]


def state_words(status: JobStatus, language: str) -> str:
    """How a job stands: its last run, and what it waits for."""
    column = LANGUAGES.index(language)
    parts = [_NEVER[column] if status.state is None else _last_words(status, column)]
    if status.missing:
        parts.append(_MISSING[column].format(names=", ".join(status.missing)))
    elif status.due_ms is None:
        parts.append(_OFF[column])
    else:
        parts.append(_DUE[column].format(due=utc_text(status.due_ms // 1000)))
    return "; ".join(parts)


def _last_words(status: JobStatus, column: int) -> str:
    last, state = status.last, status.state
    assert last is not None  # noqa: S101 - a state is that of a run
    assert state is not None  # noqa: S101 - asked before
    return _STATES[state][column].format(
        started=utc_text(last.started_at // 1000),
        ended=utc_text((last.ended_at or last.started_at) // 1000),
        host=last.host,
        code=last.code,
        failures=last.failures,
    )
