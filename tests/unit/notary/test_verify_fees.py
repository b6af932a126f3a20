"""Assignment fees: the member receives the payout less the fee of the class, as the policy had it at the opening."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gettone.errors import Unreachable
from gettone.notary.keccak import selector
from gettone.notary.takeout_format import Level
from gettone.notary.takeout_write import write_takeout
from gettone.notary.verify.chain_view import ChainEvidence, Credit, collect_evidence
from gettone.notary.verify.report import Report
from gettone.notary.verify.rpc import RpcNode
from gettone.notary.verify.rpc_view import RpcChainView
from tests.factories.evidence_file import read_evidence, write_evidence
from tests.factories.recorded_node import RecordedNode
from tests.factories.synthetic_ledger import SyntheticLedger
from tests.factories.synthetic_people import SCOPE, SKIPPED, Person, person
from tests.factories.takeouts import evidence_of, takeout_of
from tests.factories.tampering import Entries, edit_json, open_entries, pack

pytestmark = pytest.mark.unit

Judge = Callable[..., Report]
FEES_BPS = {1: 125, 2: 2_000}
STAKEHOLDER, CITIZEN = 4, 0
KEYS = ((0, 0), (1, 0))


def settled_with(ledger: SyntheticLedger) -> SyntheticLedger:
    for version, key in enumerate(KEYS, 1):
        ledger.settle(key, version)
    return ledger


@pytest.fixture(scope="module")
def charged() -> SyntheticLedger:
    """Two periods with fees; the payout of member SKIPPED is skipped in the first and claimed in the second."""
    skips = {(0, 0): frozenset({SKIPPED})}
    return settled_with(SyntheticLedger(skips_of=skips, fees_bps=FEES_BPS, stakeholders=frozenset({STAKEHOLDER})))


@pytest.fixture(scope="module")
def chain(charged: SyntheticLedger) -> ChainEvidence:
    return evidence_of(charged)


def bundle(ledger: SyntheticLedger, number: int, level: Level = Level.FULL) -> bytes:
    return write_takeout(takeout_of(ledger, number, level), verifier=b"")


def own(chain: ChainEvidence, number: int, key: tuple[int, int] = (0, 0)) -> Credit:
    return next(one for one in chain.payments[key].credits if one.wallet == person(number).wallet)


def with_own(chain: ChainEvidence, number: int, **changes: Any) -> ChainEvidence:
    """The chain with another credit of a member in the first settlement."""
    payment = chain.payments[0, 0]
    mine = own(chain, number)
    credits_ = tuple(replace(one, **changes) if one == mine else one for one in payment.credits)
    return replace(chain, payments={**chain.payments, (0, 0): replace(payment, credits=credits_)})


def with_fees(chain: ChainEvidence, fees_bps: dict[int, int]) -> ChainEvidence:
    """The chain whose policy had other fees when the first settlement opened."""
    payment = replace(chain.payments[0, 0], assignment_fee_bps=fees_bps)
    return replace(chain, payments={**chain.payments, (0, 0): payment})


@pytest.mark.parametrize("number", range(9))
def test_verify__fees_charged__ok_for_every_member(
    number: int, charged: SyntheticLedger, chain: ChainEvidence, judge: Judge
) -> None:
    report = judge(bundle(charged, number), chain)
    assert (report.verdict, report.differences) == ("OK", [])


@pytest.mark.parametrize(("number", "fee_bps"), [(CITIZEN, 125), (STAKEHOLDER, 2_000)])
def test_verify__fees_charged__net_and_fee_of_the_class_reported(
    number: int, fee_bps: int, charged: SyntheticLedger, chain: ChainEvidence, judge: Judge
) -> None:
    payout = charged.settled[0].dues[person(number).member_id].payout_units
    fee = payout * fee_bps // 10_000
    details = judge(bundle(charged, number), chain).steps[5].details
    assert any(f"{payout - fee} units after a fee of {fee} moved to" in detail for detail in details)


def test_verify__payout_skipped_despite_fees__whole_payout_is_the_claim(
    charged: SyntheticLedger, chain: ChainEvidence, judge: Judge
) -> None:
    payout = charged.settled[0].dues[person(SKIPPED).member_id].payout_units
    details = judge(bundle(charged, SKIPPED), chain).steps[5].details
    assert f"0.r0: {payout} units skipped, a claim on a later settlement" in details


@pytest.mark.parametrize("level", list(Level))
def test_verify__opened_under_another_fee__invalid_fee_and_both_named(
    level: Level, charged: SyntheticLedger, chain: ChainEvidence, judge: Judge
) -> None:
    report = judge(bundle(charged, CITIZEN, level), with_fees(chain, {1: 125, 2: 500}))
    assert (report.verdict, report.exit_status) == ("INVALID:fee", 1)
    assert [(one.expected, one.found) for one in report.differences] == [
        ("assignment_fee_bps of class 2 500", "assignment_fee_bps of class 2 2000")
    ]


def test_verify__opened_under_another_fee_and_that_charged__only_the_fee_differs(
    charged: SyntheticLedger, chain: ChainEvidence, judge: Judge
) -> None:
    """The chain takes the fee at the opening, whatever the params say."""
    payout = charged.settled[0].dues[person(CITIZEN).member_id].payout_units
    fee = payout * 300 // 10_000
    moved = with_own(chain, CITIZEN, amount_units=payout - fee, fee_units=fee)
    report = judge(bundle(charged, CITIZEN), with_fees(moved, {1: 300, 2: 2_000}))
    assert report.steps[5].reasons == ["fee"]
    assert report.verdict == "INVALID:fee"


def test_verify__fee_not_taken__invalid_payment(charged: SyntheticLedger, chain: ChainEvidence, judge: Judge) -> None:
    mine = own(chain, CITIZEN)
    payout = mine.amount_units + mine.fee_units
    report = judge(bundle(charged, CITIZEN), with_own(chain, CITIZEN, amount_units=payout, fee_units=0))
    assert report.verdict == "INVALID:payment"
    assert report.differences[0].expected == f"{mine.amount_units} units after a fee of {mine.fee_units}"
    assert report.differences[0].found == f"{payout} units"


def test_verify__fee_event_names_another_fee__invalid_payment(
    charged: SyntheticLedger, chain: ChainEvidence, judge: Judge
) -> None:
    mine = own(chain, CITIZEN)
    report = judge(bundle(charged, CITIZEN), with_own(chain, CITIZEN, fee_units=mine.fee_units + 1))
    assert report.verdict == "INVALID:payment"
    assert report.differences[0].found == f"{mine.amount_units} units after a fee of {mine.fee_units + 1}"


def test_verify__fee_of_another_class_charged__invalid_payment(
    charged: SyntheticLedger, chain: ChainEvidence, judge: Judge
) -> None:
    payout = charged.settled[0].dues[person(STAKEHOLDER).member_id].payout_units
    fee = payout * 125 // 10_000
    report = judge(bundle(charged, STAKEHOLDER), with_own(chain, STAKEHOLDER, amount_units=payout - fee, fee_units=fee))
    assert report.verdict == "INVALID:payment"


def test_verify__fee_in_params_tampered__invalid_params_and_the_fee_named(
    charged: SyntheticLedger, chain: ChainEvidence, judge: Judge
) -> None:
    entries: Entries = open_entries(bundle(charged, CITIZEN))
    digest = json.loads(entries["assignments/0.r0.json"])["fields"]["params_digest"]
    edit_json(entries, f"params/{digest}.json", lambda one: one["assignment_fee_bps"].update({"1": "0"}))
    report = judge(pack(entries), chain)
    assert report.verdict == "INVALID:params"
    assert any(one.found == "assignment_fee_bps of class 1 0" for one in report.differences)


def test_verify__class_of_no_member__invalid_inputs(judge: Judge) -> None:
    class Classless(SyntheticLedger):
        def _inputs(self, one: Person, *amounts: Any) -> dict[str, Any]:
            return super()._inputs(one, *amounts) | {"class": "3"}

    ledger = settled_with(Classless(fees_bps=FEES_BPS))
    report = judge(bundle(ledger, CITIZEN), evidence_of(ledger))
    assert report.verdict == "INVALID:inputs"
    assert report.differences[0].found == "class 3"


def test_rpc_view__node_with_fees__same_evidence(chain: ChainEvidence) -> None:
    view = RpcChainView(RpcNode(RecordedNode(chain)), SCOPE.genesis_hash, SCOPE.contract)
    assert collect_evidence(view, KEYS) == chain


def test_rpc_view__fee_of_a_transfer__is_no_assignment_fee(chain: ChainEvidence) -> None:
    class Transferring(RecordedNode):
        def _payment_logs(self) -> list[dict[str, Any]]:
            """Every FeeCharged says flow 0."""
            logs = super()._payment_logs()
            return [log | {"data": log["data"][:-1] + "0"} if len(log["data"]) == 2 + 192 else log for log in logs]

    view = RpcChainView(RpcNode(Transferring(chain)), SCOPE.genesis_hash, SCOPE.contract)
    assert {one.fee_units for one in view.payment((0, 0)).credits} == {0}


def test_rpc_view__policy_answers_nonsense__unreachable(chain: ChainEvidence) -> None:
    class Foreign(RecordedNode):
        def eth_call(self, call: dict[str, str], tag: str) -> str:
            is_fees = call["data"][2:10] == selector("assignmentFeesAt(uint64)").hex()
            return "0x" + "00" * 32 if is_fees else super().eth_call(call, tag)

    view = RpcChainView(RpcNode(Foreign(chain)), SCOPE.genesis_hash, SCOPE.contract)
    with pytest.raises(Unreachable, match="token policy"):
        view.payment((0, 0))


def test_read_evidence__with_fees__what_was_written(chain: ChainEvidence) -> None:
    assert read_evidence(write_evidence(chain)) == chain
