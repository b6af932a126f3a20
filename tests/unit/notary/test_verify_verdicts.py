"""One take-out per verdict, judged against the recorded chain."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gettone.errors import Unreachable
from gettone.notary.keys import deployment_id
from gettone.notary.leaves import TOMBSTONE, leaf_flags
from gettone.notary.takeout import ErasureNotice, TotalsRoots
from gettone.notary.takeout_format import Level
from gettone.notary.takeout_write import write_takeout
from gettone.notary.tree import inclusion_path, leaf_hash, root_of_hashes
from gettone.notary.verify.chain_view import STATE_OPEN, STATE_VOIDED, ChainEvidence, ChainScope, Payment
from gettone.notary.verify.report import Report
from gettone.notary.verify.run import verify_takeout
from gettone.verifier import GettoneRules
from tests.factories.synthetic_ledger import SyntheticLedger
from tests.factories.synthetic_people import NO_WALLET, PEOPLE, SCOPE, Person, person, throw_away
from tests.factories.takeouts import RecordedChain, evidence_of, takeout_of
from tests.factories.tampering import edit_json, open_entries, pack

pytestmark = pytest.mark.unit

Judge = Callable[..., Report]


def states(report: Report) -> dict[int, str]:
    return {step.number: step.state.value for step in report.steps}


def paid(evidence: ChainEvidence, key: tuple[int, int], **changes: Any) -> ChainEvidence:
    payment: Payment = replace(evidence.payments[key], **changes)
    return replace(evidence, payments={**evidence.payments, key: payment})


@pytest.mark.parametrize("number", range(9))
def test_verify__every_member__ok_and_every_step_run(number: int, ledger: SyntheticLedger, judge: Judge) -> None:
    report = judge(write_takeout(takeout_of(ledger, number), verifier=b""))
    assert (report.verdict, report.exit_status, report.differences) == ("OK", 0, [])
    assert set(states(report).values()) == {"ok"}


def test_verify__ok__amounts_of_the_settlements_reported(full: bytes, judge: Judge, ledger: SyntheticLedger) -> None:
    details = judge(full).steps[5].details
    payment = ledger.settled[1].payment
    moved = next(credit for credit in payment.credits if not credit.is_skipped and credit.wallet.hex() in details[-1])
    assert f"{moved.amount_units} units moved" in details[-1]
    assert any("skipped, a claim" in detail for detail in details)


def test_verify__partial__ok_partial(bundles: dict[Level, bytes], judge: Judge) -> None:
    report = judge(bundles[Level.PARTIAL])
    assert (report.verdict, report.exit_status) == ("OK_PARTIAL", 0)
    assert (states(report)[2], states(report)[6], states(report)[7]) == ("partial", "ok", "partial")
    assert "24 of 360 slots rebuilt" in report.steps[1].details[0]


def test_verify__proof_only__ok_partial_and_no_reading_inside(bundles: dict[Level, bytes], judge: Judge) -> None:
    report = judge(bundles[Level.PROOF_ONLY])
    assert (report.verdict, report.exit_status) == ("OK_PARTIAL", 0)
    assert (states(report)[2], states(report)[6], states(report)[7]) == ("partial", "partial", "partial")
    entries = open_entries(bundles[Level.PROOF_ONLY])
    assert not [name for name in entries if name.startswith(("readings/", "inputs/", "trace/"))]
    assert json.loads(entries["keys.json"]) == {"series": [], "settlements": [], "totals": []}


def test_verify__totals_withheld__ok_partial_in_step_7(ledger: SyntheticLedger, judge: Judge) -> None:
    report = judge(write_takeout(takeout_of(ledger, discloses_totals=False), verifier=b""))
    assert (report.verdict, report.exit_status) == ("OK_PARTIAL", 0)
    assert [number for number, state in states(report).items() if state != "ok"] == [7]


def test_verify__no_chain__trust_input_missing_and_steps_1_to_4_and_7_run(full: bytes, judge: Judge) -> None:
    report = judge(full, None)
    assert (report.verdict, report.exit_status) == ("TRUST_INPUT_MISSING", 3)
    assert [states(report)[number] for number in (1, 2, 3, 4, 7)] == ["ok"] * 5
    assert [states(report)[number] for number in (5, 6, 8)] == ["missing"] * 3


def test_verify__no_chain_and_tampered__invalid_all_the_same(full: bytes, judge: Judge) -> None:
    entries = open_entries(full)
    entries["trace/0.r0.csv"] += b"more\n"
    assert judge(pack(entries), None).verdict == "INVALID:trace"


def test_verify__node_does_not_answer__trust_input_missing_with_the_reason(
    full: bytes, evidence: ChainEvidence
) -> None:
    class Silent(RecordedChain):
        def scope(self) -> ChainScope:
            raise Unreachable("rpc_unreachable", "the node at http://127.0.0.1:1 does not answer")

    report = verify_takeout(full, Silent(evidence), GettoneRules())
    assert (report.verdict, report.exit_status) == ("TRUST_INPUT_MISSING", 3)
    assert "does not answer" in report.steps[4].details[0]


def test_verify__payout_not_made_yet__pending(full: bytes, evidence: ChainEvidence, judge: Judge) -> None:
    chain = paid(evidence, (1, 0), state=STATE_OPEN, credits=())
    report = judge(full, chain)
    assert (report.verdict, report.exit_status) == ("PENDING", 3)
    assert states(report)[6] == "pending"


def test_verify__settlement_paid_without_the_payout__invalid(
    full: bytes, evidence: ChainEvidence, judge: Judge
) -> None:
    report = judge(full, paid(evidence, (1, 0), credits=()))
    assert report.verdict == "INVALID:payment"
    assert report.differences[0].found == "nothing units"


def test_verify__token_moved_another_amount__invalid_and_both_named(
    full: bytes, evidence: ChainEvidence, judge: Judge, ledger: SyntheticLedger
) -> None:
    wallet = takeout_of(ledger).settlements[1].assignment.wallet  # type: ignore[union-attr]
    credits_ = evidence.payments[1, 0].credits
    amount = next(one.amount_units for one in credits_ if one.wallet == wallet)
    changed = tuple(
        replace(one, amount_units=one.amount_units - 1) if one.wallet == wallet else one for one in credits_
    )
    report = judge(full, paid(evidence, (1, 0), credits=changed))
    assert (report.verdict, report.exit_status) == ("INVALID:payment", 1)
    assert (report.differences[0].expected, report.differences[0].found) == (f"{amount} units", f"{amount - 1} units")


def test_verify__rest_voided__ok_and_a_claim(full: bytes, evidence: ChainEvidence, judge: Judge) -> None:
    report = judge(full, paid(evidence, (1, 0), state=STATE_VOIDED, credits=()))
    assert report.verdict == "OK"
    assert any("voided, a claim" in detail for detail in report.steps[5].details)


def test_verify__sums_do_not_reach_the_total__invalid(full: bytes, evidence: ChainEvidence, judge: Judge) -> None:
    report = judge(full, paid(evidence, (1, 0), paid_units=evidence.payments[1, 0].paid_units - 1))
    assert report.verdict == "INVALID:totals"


def test_verify__chain_without_the_settlement__unanchored(full: bytes, evidence: ChainEvidence, judge: Judge) -> None:
    report = judge(full, replace(evidence, openings=(), last_settlement_hash=bytes(32)))
    assert (report.verdict, report.exit_status) == ("UNANCHORED", 3)


def test_verify__ledger_of_another_deployment__unanchored(full: bytes, evidence: ChainEvidence, judge: Judge) -> None:
    report = judge(full, replace(evidence, scope=replace(SCOPE, contract=throw_away("other")[:20])))
    assert report.verdict == "UNANCHORED"
    other = deployment_id(SCOPE.chain_id, SCOPE.genesis_hash, throw_away("other")[:20], SCOPE.community_id)
    assert other != SCOPE.deployment_id


def test_verify__chain_holds_another_root__diverged(full: bytes, evidence: ChainEvidence, judge: Judge) -> None:
    first = evidence.openings[0]
    forged = replace(first, proposal=replace(first.proposal, assignment_root=throw_away("root")))
    report = judge(full, replace(evidence, openings=(forged, *evidence.openings[1:])))
    assert states(report)[5] == "diverged"
    assert report.verdict == "INVALID:settlement_chain", "a forged event also breaks the chain of settlements"
    assert report.differences[0].expected == f"root {throw_away('root').hex()}"


def test_verify__other_ledger_history_consistent_in_itself__diverged(judge: Judge, full: bytes) -> None:
    other = SyntheticLedger()
    other.settle((0, 0), 1, {(3, 5): (4321, 3)})
    other.settle((1, 0), 2)
    other.settle((0, 1), 1)
    report = judge(full, evidence_of(other))
    assert (report.verdict, report.exit_status) == ("DIVERGED", 1)
    assert states(report)[4] == "ok"


def test_verify__node_hides_the_last_settlement__invalid(full: bytes, evidence: ChainEvidence, judge: Judge) -> None:
    report = judge(full, replace(evidence, openings=evidence.openings[:-1]))
    assert report.verdict == "INVALID:settlement_chain"


def test_verify__later_revision_on_chain__ok_partial(ledger: SyntheticLedger, judge: Judge) -> None:
    takeout = takeout_of(ledger)
    report = judge(write_takeout(replace(takeout, settlements=takeout.settlements[:2]), verifier=b""))
    assert (report.verdict, states(report)[8]) == ("OK_PARTIAL", "partial")


def test_verify__model_of_the_chain_differs__invalid_and_parameter_named(
    full: bytes, evidence: ChainEvidence, judge: Judge
) -> None:
    version = evidence.models[1]
    parameters = (*version.parameters[:3], 10**9 - 7, *version.parameters[4:])
    models = {**evidence.models, 1: replace(version, parameters=parameters)}
    report = judge(full, replace(evidence, models=models))
    assert (report.verdict, report.exit_status) == ("INVALID:model", 1)
    assert report.differences[0].expected == "budget_units 999999993"


def test_verify__model_scheduled_after_the_period_began__invalid(
    full: bytes, evidence: ChainEvidence, judge: Judge
) -> None:
    version = replace(evidence.models[1], valid_from_s=evidence.openings[0].proposal.period_start_s + 1)
    report = judge(full, replace(evidence, models={**evidence.models, 1: version}))
    assert report.verdict == "INVALID:model"


def test_verify__period_cap_below_the_allocations__invalid_budget(
    full: bytes, evidence: ChainEvidence, judge: Judge
) -> None:
    caps = (replace(evidence.caps[0], period_cap_units=10**8),)
    assert judge(full, replace(evidence, caps=caps)).verdict == "INVALID:budget"


def test_verify__member_cap_below_the_payout__invalid_payout(
    full: bytes, evidence: ChainEvidence, judge: Judge
) -> None:
    caps = (replace(evidence.caps[0], member_cap_units=5),)
    report = judge(full, replace(evidence, caps=caps))
    assert report.verdict == "INVALID:payout"
    assert report.differences[0].expected.startswith("payout 5, carried ")


def test_verify__carried_amount_without_the_leaf_before__invalid(ledger: SyntheticLedger, judge: Judge) -> None:
    takeout = takeout_of(ledger, NO_WALLET)
    alone = replace(takeout, from_s=ledger.settled[1].period.start_s, settlements=takeout.settlements[1:2])
    report = judge(write_takeout(alone, verifier=b""))
    assert report.verdict == "INVALID:carried"


def test_verify__carried_amount_forgotten_by_the_operator__invalid(judge: Judge) -> None:
    class Forgetful(SyntheticLedger):
        def carried_before(self, one: Person) -> int:
            return 0

    ledger = Forgetful()
    ledger.settle((0, 0), 1)
    ledger.settle((1, 0), 2)
    report = judge(write_takeout(takeout_of(ledger, NO_WALLET), verifier=b""), evidence_of(ledger))
    assert (report.verdict, report.exit_status) == ("INVALID:carried", 1)
    carried = ledger.settled[0].run.members[PEOPLE.index(person(NO_WALLET))].reward_units
    assert (report.differences[0].expected, report.differences[0].found) == (f"carried {carried}", "carried 0")


def test_verify__skipped_payout_not_claimed_yet__ok_and_reported(judge: Judge) -> None:
    ledger = SyntheticLedger()
    ledger.settle((0, 0), 1)
    ledger.settle((1, 0), 2)
    first = evidence_of(ledger).payments[0, 0]
    skipped = tuple(replace(one, is_skipped=True) for one in first.credits)
    chain = paid(evidence_of(ledger), (0, 0), credits=skipped, paid_units=0, skipped_units=first.paid_units)
    report = judge(write_takeout(takeout_of(ledger), verifier=b""), chain)
    assert report.verdict == "OK"
    assert any("units skipped before are not claimed yet" in detail for detail in report.steps[5].details)


def test_verify__skipped_payout_claimed_but_not_skipped_on_chain__invalid(
    full: bytes, evidence: ChainEvidence, judge: Judge
) -> None:
    credits_ = tuple(replace(one, is_skipped=False) for one in evidence.payments[0, 0].credits)
    report = judge(full, paid(evidence, (0, 0), credits=credits_))
    assert report.verdict == "INVALID:skipped"


def test_verify__erased__ok_erased_with_the_leaf_proved(ledger: SyntheticLedger, judge: Judge) -> None:
    takeout = takeout_of(ledger, level=Level.PROOF_ONLY)
    erased = tuple(
        replace(
            one,
            assignment=None,
            roster=None,
            k_assignment=None,
            k_roster=None,
            series=(),
            inputs=None,
            trace=None,
            model=None,
            params=None,
            totals=TotalsRoots((b"\1" * 32, 361), (b"\2" * 32, 361)),
            erased=ErasureNotice("GDPR art. 17", 1_800_000_000),
        )
        for one in takeout.settlements
    )
    data = write_takeout(replace(takeout, settlements=erased), verifier=b"")
    report = judge(data)
    assert (report.verdict, report.exit_status) == ("OK_ERASED", 0)
    assert (states(report)[4], states(report)[5]) == ("ok", "ok")
    entries = open_entries(data)
    edit_json(entries, "assignments/0.r0.json", lambda one: one["proof"].update(leaf_hash="44" * 32))
    assert judge(pack(entries)).verdict == "INVALID:path"


def test_verify__tombstone_leaf__ok_erased(ledger: SyntheticLedger) -> None:
    takeout = takeout_of(ledger, level=Level.PROOF_ONLY)
    first, third = takeout.settlements[0], takeout.settlements[2]
    assert first.assignment is not None
    assert third.assignment is not None
    leaf = replace(
        third.assignment,
        flags=leaf_flags(first.assignment_proof.leaf_hash, third.assignment.amount_units) | TOMBSTONE,
        data_root=first.assignment.data_root,
        blind=throw_away("fresh blind"),
    )
    hashes = [member.assignment_hash for member in ledger.settled[2].commitment.members]
    index = third.assignment_proof.index
    hashes[index] = leaf_hash(leaf.encode())
    proof = replace(
        third.assignment_proof, leaf_hash=hashes[index], path=inclusion_path(hashes, index), root=root_of_hashes(hashes)
    )
    settlement = replace(third, assignment=leaf, assignment_proof=proof, series=(), inputs=None, trace=None)
    evidence = evidence_of(ledger)
    opening = evidence.openings[2]
    proposal = replace(opening.proposal, assignment_root=proof.root)
    opened = replace(opening, proposal=proposal, proposal_hash=proposal.struct_hash())
    chain = replace(evidence, openings=(*evidence.openings[:2], opened), last_settlement_hash=opened.proposal_hash)
    bundle = write_takeout(replace(takeout, settlements=(*takeout.settlements[:2], settlement)), verifier=b"")
    report = verify_takeout(bundle, RecordedChain(chain), GettoneRules())
    assert report.verdict == "OK_ERASED", report.to_document()
