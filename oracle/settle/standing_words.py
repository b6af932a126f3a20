"""What a settlement still lacks, in English and Italian."""

from collections.abc import Mapping

LANGUAGES = ("en", "it")
_RESUME = "`gettone settle resume`"

_TEXTS = {
    "nothing": ("nothing is missing", "non manca nulla"),
    "trees": (
        f"trees and proposal are to be built: run {_RESUME}",
        f"vanno costruiti alberi e proposta: eseguire {_RESUME}",
    ),
    "signatures": (
        f"{{there}} of {{needed}} signatures are there: another oracle attests, then run {_RESUME}",
        f"ci sono {{there}} firme su {{needed}}: attesta un altro oracolo, poi eseguire {_RESUME}",
    ),
    "opening": (
        f"it is to be opened on chain: run {_RESUME}",
        f"va aperta sulla catena: eseguire {_RESUME}",
    ),
    "chunks": (
        f"{{paid}} of {{chunks}} chunks are paid: run {_RESUME}",
        f"pagati {{paid}} blocchi su {{chunks}}: eseguire {_RESUME}",
    ),
    "file": (
        "{paid} of {chunks} chunks are paid, the rest is in the published file: `gettone settle resume --from FILE`",
        "pagati {paid} blocchi su {chunks}, il resto è nel file pubblicato: `gettone settle resume --from FILE`",
    ),
    "comparison": (
        f"chain, database and leaves are to be compared: run {_RESUME}",
        f"vanno confrontati catena, database e foglie: eseguire {_RESUME}",
    ),
    "lines": (
        f"restored from the chain: load registry and readings, then {_RESUME} finds the members' lines",
        f"ripristinata dalla catena: caricare anagrafica e letture, poi {_RESUME} trova le righe dei membri",
    ),
    "failed": (
        f"it failed: {{reason}}; mend it, then run {_RESUME}",
        f"non è riuscita: {{reason}}; rimediare, poi eseguire {_RESUME}",
    ),
    "revision": (
        "revision {revision} is asked for: {persons} of {needed} persons said so with `gettone settle revise`",
        "è chiesta la revisione {revision}: {persons} persone su {needed} lo hanno detto con `gettone settle revise`",
    ),
}


def say(what: str, **values: object) -> Mapping[str, str]:
    """A sentence in each language."""
    return {lang: text.format(**values) for lang, text in zip(LANGUAGES, _TEXTS[what], strict=True)}
