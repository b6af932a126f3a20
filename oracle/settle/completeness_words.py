"""The five levels of completeness in words, in English and Italian."""

from oracle.settle.completeness import LeftOut, Level, LevelState

_LEVELS = {
    "slot": (
        (
            "slots: {valid_slots} of {expected_slots} valid, {completeness_permille} permille of {threshold_permille} "
            "asked; {series} series, {series_of_wrong_length} of wrong length"
        ),
        (
            "intervalli: {valid_slots} validi su {expected_slots}, {completeness_permille} per mille dei "
            "{threshold_permille} richiesti; {series} serie, {series_of_wrong_length} di lunghezza errata"
        ),
    ),
    "member": (
        (
            "members: {leaves} leaves for {members} members, {members_with_zero} of them zero; "
            "{complete_members_permille} permille complete of {threshold_permille} asked"
        ),
        (
            "membri: {leaves} foglie per {members} membri, di cui {members_with_zero} a zero; "
            "{complete_members_permille} per mille completi dei {threshold_permille} richiesti"
        ),
    ),
    "period": (
        "periods: {periods} with {gaps} gaps, {revisions_missing} revisions missing, {links_broken} links broken",
        "periodi: {periods} con {gaps} lacune, {revisions_missing} revisioni mancanti, {links_broken} anelli rotti",
    ),
    "token": (
        (
            "tokens: {entitlement_units} due, {carried_after_units} carried on; total {total_units}, "
            "moved {moved_units}, skipped {skipped_units}, voided {voided_units}"
        ),
        (
            "gettoni: {entitlement_units} spettanti, {carried_after_units} riportati; totale {total_units}, "
            "versati {moved_units}, saltati {skipped_units}, annullati {voided_units}"
        ),
    ),
    "source": (
        (
            "sources: log of {log_size} entries; {series_without_values} series without values, "
            "{series_from_before_the_log} from before the log"
        ),
        (
            "fonti: registro di {log_size} voci; {series_without_values} serie senza valori, "
            "{series_from_before_the_log} anteriori al registro"
        ),
    ),
}
_STATES = {
    LevelState.COMPLETE: ("complete", "completo"),
    LevelState.INCOMPLETE: ("incomplete", "incompleto"),
    LevelState.OPEN: ("not known yet", "non ancora noto"),
}
_WHY = {
    "nothing_measured": ("nothing was measured", "non è stato misurato nulla"),
    "too_little_measured": ("too little was measured", "è stato misurato troppo poco"),
    "no_wallet": ("no wallet that can be paid: the amount is kept as a claim", "nessun portafoglio: l'importo resta"),
    "member_cap": ("above the cap of a member: the rest is kept as a claim", "oltre il limite: il resto rimane"),
}


def level_in_words(level: Level, lang: str) -> str:
    """One level with its figures as a sentence."""
    at = 0 if lang == "en" else 1
    return f"{_LEVELS[level.name][at].format(**level.figures)} - {_STATES[level.state][at]}"


def left_out_in_words(one: LeftOut, lang: str) -> str:
    """A member, by the first digits of the pseudonym, and why it earned less."""
    return f"{one.member_id[:8]}…: {_WHY[one.why][0 if lang == 'en' else 1]}"
