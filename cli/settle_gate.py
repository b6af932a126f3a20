"""`gettone settle gate | release | rules`: what a period waits for, and what a community asks of its readings."""

import json
from typing import Annotated, Any

import typer

from cli.console import out, print_json
from cli.settlement_context import open_contracts, period_context
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.gates import GateRow, Gates
from gettone.db.schema import open_current
from gettone.errors import InputError
from gettone.metering.gate.decision import GateState
from gettone.metering.gate.words import LANGUAGES, in_words, state_in_words
from gettone.metering.operators import parse_operator
from gettone.periods import parse_period, utc_text
from gettone.settings import load_settings
from oracle.settle.release import GateAnswer, ask_gate, release_gate

CommunityOption = Annotated[str, typer.Option("--community", help="Id of the community.")]
PeriodOption = Annotated[str, typer.Option("--period", help="2016-09, 2016-W37, 2016-09-14 or FROM/TO.")]
OperatorOption = Annotated[str, typer.Option("--by", help="Operator id of who decides, such as a.rossi.")]
LanguageOption = Annotated[str, typer.Option("--lang", help="en or it.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


def gate(
    community: CommunityOption, period: PeriodOption, lang: LanguageOption = "en", as_json: AsJson = False
) -> None:
    """Examine the quality gate of a period now, and say what it waits for."""
    require_language(lang)
    with period_context(community) as context:
        answer = ask_gate(context, community, period)
    if as_json:
        print_json(_document(answer.row))
        return
    out.print(f"{period} {community}: {_state_text(answer.row, lang)}", markup=False)
    for line in _lines(answer, lang):
        out.print(f"  {line}", markup=False)


def release(
    community: CommunityOption,
    period: PeriodOption,
    by: OperatorOption,
    reason: Annotated[str, typer.Option("--reason", help="Why the period goes on without the data.")] = "",
    as_json: AsJson = False,
) -> None:
    """Speak for settling an incomplete period; a second person has to do the same."""
    with period_context(community) as context:
        row = release_gate(context, community, period, operator=by, reason=reason)
    if as_json:
        print_json(_document(row))
        return
    rest = "it is released" if len(row.persons) == 2 else "one more person has to release it"
    out.print(f"{period} of {community}: released by {' and '.join(row.persons)}; {rest}", markup=False)


def rules(
    community: CommunityOption,
    set_values: Annotated[list[str] | None, typer.Option("--set", help="NAME=VALUE, as often as needed.")] = None,
    valid_from: Annotated[str, typer.Option("--from", help="Local day from which they apply, 2026-05-01.")] = "",
    by: Annotated[str, typer.Option("--by", help="Operator id of who sets them.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show the gate parameters of a community, or set some for the periods from a day on."""
    settings = load_settings()
    contracts = open_contracts(settings, community)
    now_s = contracts.client.now_s()
    with open_current(settings.url) as database, database.write() as connection:
        found, gates = Communities(connection).get(community), Gates(connection)
        at_s = parse_period(valid_from, found.tz).start_s if valid_from else now_s
        in_force = gates.rules_at(found.community_id, at_s).rules
        if set_values:
            in_force = in_force.changed(_pairs(set_values))
            operator = parse_operator(by)
            gates.set_rules(found.community_id, in_force, valid_from_s=at_s, now_s=now_s, set_by=operator)
    document = {"community": community, "valid_at": utc_text(at_s), "rules": in_force.to_document()}
    if as_json:
        print_json(document)
        return
    for name, value in in_force.to_document().items():
        out.print(f"{name} = {value}", markup=False)


def _pairs(texts: list[str]) -> dict[str, str]:
    wrong = [text for text in texts if "=" not in text]
    if wrong:
        raise InputError("gate_rules", f"{wrong[0]!r} is not NAME=VALUE")
    return {name: value for name, _, value in (text.partition("=") for text in texts)}


def _state_text(row: GateRow, lang: str) -> str:
    return f"{row.state} - {state_in_words(GateState(row.state), lang)}"


def _lines(answer: GateAnswer, lang: str) -> list[str]:
    if answer.report is None:
        return []
    lines = [in_words(one, lang) for one in answer.report.decision.findings]
    if answer.row.persons:
        lines.append(f"released by {', '.join(answer.row.persons)}: {answer.row.reason}")
    return lines


def _document(row: GateRow) -> dict[str, Any]:
    return {
        "period_index": row.period_index,
        "revision": row.revision,
        "state": row.state,
        "freeze_batch": row.freeze_batch,
        "released_by": list(row.persons),
        "reason": row.reason,
        "report_sha256": row.report_sha256.hex(),
        "report": json.loads(row.report),
    }


def require_language(lang: str) -> None:
    """InputError for a language that has no words."""
    if lang not in LANGUAGES:
        raise InputError("language", f"language {lang!r} is not one of {', '.join(LANGUAGES)}")
