"""Changes of rules on a village: tried on a settled day, scheduled on chain by the key of their role, and read back."""

from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.local import LocalChain
from gettone.chain.policy_values import Bonuses, Budgets, Fees, IncentiveRule, Rates
from gettone.chain.settlement_ledger import Caps
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.gates import Gates
from gettone.db.repositories.operations import Asker, OperationRow, Operations
from gettone.db.repositories.rule_changes import ChangeRow, ChangeState, Draft, RuleChanges
from gettone.errors import GettoneError
from gettone.metering.gate.rules import GateRules
from gettone.rule_changes import ChangeKind, checked_parameters
from gettone.settings import Settings
from oracle.operations.changes import preview_asked_change, schedule_change
from oracle.settle.job import run_settlement
from oracle.worker.job import Run, Workplace
from tests.factories.community import throwaway_account
from tests.factories.village import BUDGET_UNITS, COMMUNITY, FIRST_DAY, POOL, Village, make_village

pytestmark = [pytest.mark.chain, pytest.mark.slow]

DAY_S = 86_400
PARAMETERS: dict[ChangeKind, dict[str, Any]] = {
    ChangeKind.MODEL: {**POOL, "consumer_share_permille": 300},
    ChangeKind.FEE: asdict(Fees(assignment_to_citizen_bps=1000)),
    ChangeKind.INCENTIVE: {"category": 1, "kind": 0, **asdict(IncentiveRule(cap_units=5))},
    ChangeKind.BONUS: asdict(Bonuses(welcome_citizen_units=3)),
    ChangeKind.FACTOR: asdict(Rates(units_per_cent=7)),
    ChangeKind.BUDGET: asdict(Budgets(issue_per_year_units=9)),
    ChangeKind.CAP: {"period_units": BUDGET_UNITS // 2, "member_units": BUDGET_UNITS},
    ChangeKind.SETTINGS: asdict(GateRules(deadline_days=60)),
}


@pytest.fixture
def village(local_chain: LocalChain, chain_client: ChainClient, tmp_path: Path, embedded_url: str) -> Village:
    made = make_village(local_chain, chain_client, tmp_path, embedded_url, size=3)
    made.schedule(POOL)
    return made


def run_of(village: Village, folder: Path) -> Run:
    kek = folder / "kek"
    kek.write_text(bytes(range(32)).hex())
    kek.chmod(0o600)
    contracts = village.on_chain.contracts
    place = Workplace(
        Settings(kek_file=kek),
        village.database,
        lambda: contracts.client.now_s() * 1000,
        lambda _community, progress: nullcontext(village.context(progress)),
        lambda _community: contracts,
        signer=throwaway_account,
        sender=lambda _client, signer: next(
            one for one in map(village.on_chain.sender, ROLES) if one.address == signer.address
        ),
    )
    return Run(place, COMMUNITY, lambda: False)


ROLES = ("oracle_admin", "token_admin", "community_admin")


def add(village: Village, kind: ChangeKind, valid_from_s: int) -> tuple[str, OperationRow]:
    with village.database.write() as connection:
        here = Communities(connection).get(COMMUNITY).community_id
        changes = RuleChanges(connection, here)
        number = changes.add(Draft(kind, checked_parameters(kind, PARAMETERS[kind]), valid_from_s), "oa", 0)
        changes.submit(number, b"\x01" * 32, "oa", 0)
        changes.decide(number, ChangeState.APPROVED, "ca", 0)
        document = {"change": number, "period": FIRST_DAY}
        asked = Operations(connection).add("test", document, Asker(client="test"), 0, here)
        operation = Operations(connection).find(asked)
    assert operation is not None
    return number, operation


def found(village: Village, number: str) -> ChangeRow:
    with village.database.read() as connection:
        row = RuleChanges(connection, Communities(connection).get(COMMUNITY).community_id).find(number)
    assert row is not None
    return row


def rule_on_chain(village: Village, kind: ChangeKind, at_s: int) -> Any:
    contracts = village.on_chain.contracts
    if kind is ChangeKind.SETTINGS:
        with village.database.read() as connection:
            here = Communities(connection).get(COMMUNITY).community_id
            return asdict(Gates(connection).rules_at(here, at_s).rules)
    policy = contracts.policy
    return {
        ChangeKind.MODEL: lambda: contracts.models.model_at(at_s).document,
        ChangeKind.FEE: lambda: asdict(policy.fees_at(at_s)),
        ChangeKind.INCENTIVE: lambda: {"category": 1, "kind": 0, **asdict(policy.incentive_at(1, 0, at_s))},
        ChangeKind.BONUS: lambda: asdict(policy.bonuses_at(at_s)),
        ChangeKind.FACTOR: lambda: asdict(policy.rates_at(at_s)),
        ChangeKind.BUDGET: lambda: asdict(policy.budgets_at(at_s)),
        ChangeKind.CAP: lambda: asdict(contracts.ledger.scheduled_caps().value),
    }[kind]()


def test_schedule_change__each_kind_twice__is_in_force_from_its_start_on(village: Village, tmp_path: Path) -> None:
    run, valid_from_s = run_of(village, tmp_path), village.on_chain.client.now_s() + 60 * DAY_S
    for kind in ChangeKind:
        number, operation = add(village, kind, valid_from_s)
        assert schedule_change(run, operation) == schedule_change(run, operation)
        row = found(village, number)
        assert (row.state, row.tx_hash is None) == (ChangeState.SCHEDULED, kind is ChangeKind.SETTINGS), kind
        assert rule_on_chain(village, kind, valid_from_s) == checked_parameters(kind, PARAMETERS[kind]), kind


def test_schedule_change__notice_that_ran_out__fails_with_the_reason(village: Village, tmp_path: Path) -> None:
    number, operation = add(village, ChangeKind.FEE, village.on_chain.client.now_s() + 60)
    with pytest.raises(GettoneError):
        schedule_change(run_of(village, tmp_path), operation)
    row = found(village, number)
    assert row.state is ChangeState.FAILED
    assert "TokenPolicy" in (row.reason or "")


def test_preview_change__on_a_settled_day__tells_old_and_new_and_mints_nothing(
    village: Village, tmp_path: Path
) -> None:
    village.import_day(FIRST_DAY)
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    supply, run = village.on_chain.contracts.token.total_supply(), run_of(village, tmp_path)
    sums = {}
    for kind in ChangeKind:
        number, operation = add(village, kind, 2**33)
        preview = dict(preview_asked_change(run, operation))
        assert found(village, number).preview == preview
        sums[kind] = (int(preview["old_units"]), int(preview["new_units"]), preview["changes_settlements"])
        if kind is ChangeKind.MODEL:
            assert any(one["old_units"] != one["new_units"] for one in preview["members"])
        if kind is ChangeKind.SETTINGS:
            assert set(preview["gate"]) == {"old", "new"}
    assert sums[ChangeKind.MODEL] == (BUDGET_UNITS, BUDGET_UNITS, True)
    assert sums[ChangeKind.CAP] == (BUDGET_UNITS, BUDGET_UNITS // 2, True)
    assert BUDGET_UNITS * 9 // 10 <= sums[ChangeKind.FEE][1] <= BUDGET_UNITS * 9 // 10 + 3
    assert sums[ChangeKind.INCENTIVE] == (BUDGET_UNITS, BUDGET_UNITS, False)
    assert village.on_chain.contracts.token.total_supply() == supply


def test_caps__scheduled__are_read_with_their_start(village: Village) -> None:
    ledger = village.on_chain.contracts.ledger
    assert ledger.scheduled_caps().value == ledger.caps() == Caps(10**20, 10**19)
