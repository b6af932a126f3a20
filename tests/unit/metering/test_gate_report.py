"""The gate's parameters, its report and its words."""

import json
from typing import Any

import pytest

from gettone.errors import InputError
from gettone.jcs import canonical
from gettone.metering.gate.decision import Condition, Coverage, Finding, GateFacts, GateState
from gettone.metering.gate.report import GateReport, examine, rules_in
from gettone.metering.gate.rules import GateRules
from gettone.metering.gate.words import LANGUAGES, all_in_words, in_words, state_in_words
from gettone.types import DAY_S

pytestmark = pytest.mark.unit
START_S, END_S = 1_474_700_400, 1_475_305_200


def report(valid: int = 720, days_later: int = 4, rules: GateRules | None = None, **changes: Any) -> GateReport:
    members = (Coverage("0a" * 32, 720, valid), Coverage("0b" * 32, 720, 720))
    facts = GateFacts(
        period_start_s=START_S,
        period_end_s=END_S,
        now_s=END_S + days_later * DAY_S,
        rules_at_s=START_S,
        members=members,
        plants=(Coverage("7", 720, 720),),
        **changes,
    )
    return examine(facts, rules or GateRules())


def leaves(document: Any) -> list[Any]:
    if isinstance(document, dict):
        return [leaf for one in document.values() for leaf in leaves(one)]
    return [leaf for one in document for leaf in leaves(one)] if isinstance(document, list) else [document]


def test_to_document__any_report__holds_strings_only() -> None:
    found = leaves(report(0, 50).to_document())
    assert found
    assert all(isinstance(leaf, str) for leaf in found)


def test_to_document__asked_again_later__is_the_same_bytes() -> None:
    assert canonical(report(days_later=4).to_document()) == canonical(report(days_later=40).to_document())


@pytest.mark.parametrize(("valid", "why"), [(0, "nothing_measured"), (600, "too_little_measured")])
def test_to_document__member_below_the_threshold__says_who_and_why(valid: int, why: str) -> None:
    assert report(valid, 50).to_document()["left_out"] == [{"member_id": "0a" * 32, "why": why}]


def test_to_document__released_by_two__names_them_with_the_reason() -> None:
    rules = GateRules(auto_release=False)
    document = report(0, 50, rules, released_by=("zoe", "ada"), release_reason="meter lost").to_document()
    assert document["release"] == {"by": ["ada", "zoe"], "reason": "meter lost"}


def test_to_document__released_by_itself__is_flagged() -> None:
    document = report(0, 50).to_document()
    assert (document["state"], document["release"]) == ("incomplete", {"by": [], "reason": "auto_release"})


def test_rules_in__stored_report__gives_the_parameters_back() -> None:
    rules = GateRules(settlement_min_rank=40, auto_release=False, plant_permille=990)
    document = json.loads(canonical(report(rules=rules).to_document()))
    assert rules_in(document) == rules


def test_rules_in__report_of_the_first_form__are_the_defaults() -> None:
    assert rules_in({"schema": "gettone.gate/1", "state": "ready"}) == GateRules()


def test_gate_rules__stored_and_read__are_equal() -> None:
    rules = GateRules(community_permille=940, auto_release=False)
    assert GateRules.of_json(rules.to_json()) == rules


@pytest.mark.parametrize(
    "texts",
    [
        {"community_permille": "1001"},
        {"community_permille": "-1"},
        {"deadline_days": "4.5"},
        {"settlement_min_rank": "5"},
        {"auto_release": "yes"},
        {"colour": "1"},
    ],
)
def test_changed__wrong_parameter__is_refused_by_name(texts: dict[str, str]) -> None:
    with pytest.raises(InputError, match=next(iter(texts))):
        GateRules().changed(texts)


def test_of_json__missing_name__is_refused() -> None:
    with pytest.raises(InputError, match="deadline_days"):
        GateRules.of_json(GateRules().to_json().replace('"deadline_days":45,', ""))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("condition", Condition)
def test_in_words__each_condition__is_a_clause_with_its_figures(condition: Condition, language: str) -> None:
    words = in_words(Finding(condition, END_S, START_S, ("71",)), language)
    assert "{" not in words
    assert any(part in words for part in ("71", str(END_S), "2016-"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", GateState)
def test_state_in_words__each_state__has_words(state: GateState, language: str) -> None:
    assert state_in_words(state, language)


def test_all_in_words__many_members__shows_a_few_and_cuts_pseudonyms() -> None:
    which = tuple(f"{number:064x}" for number in range(9))
    words = all_in_words([Finding(Condition.MEMBERS, 0, 900, which)])
    assert "… (9)" in words
    assert "0" * 9 not in words
