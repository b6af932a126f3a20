"""The settlement job is killed at every step and run again: nobody is paid twice, nobody is left out.

A kill is an exception that no code of the job may catch, raised before or after one step takes effect.
"""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from gettone.chain.batches import Answer
from gettone.chain.client import ChainClient
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.repositories.settlements import Settlements
from oracle.settle.job import run_settlement
from tests.factories.village import BUDGET_UNITS, COMMUNITY, FIRST_DAY, POOL, Village
from tests.integration.settle.conftest import MakeVillage

pytestmark = pytest.mark.chain


class KilledError(BaseException):
    """The process ends here."""


RECORDS = (
    "record_computed",
    "record_proposed",
    "record_attested",
    "record_opened",
    "record_chunk_paid",
    "record_paid",
    "record_closed",
)


def killed_once(original: Callable[..., Any], *, before: bool) -> Callable[..., Any]:
    """`original`, but the first call dies, before or after it did its work."""
    calls: list[int] = []

    def once(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if before and len(calls) == 1:
            raise KilledError
        answer = original(*args, **kwargs)
        if len(calls) == 1:
            raise KilledError
        return answer

    return once


def settle_through_one_kill(village: Village) -> None:
    with pytest.raises(KilledError):
        run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    settlement = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    assert settlement.state is SettlementState.CLOSED
    supply = village.on_chain.contracts.token.total_supply()
    assert supply == settlement.computed.total_units == BUDGET_UNITS
    with village.database.read() as connection:
        rows = Settlements(connection).members(settlement.settlement_id)
    balances = {row.computed.wallet: row.computed.payout_units for row in rows}
    for wallet, units in balances.items():
        assert village.on_chain.contracts.token.balance_of(wallet or "") == units
    openings = village.on_chain.contracts.ledger.settlements_opened()
    assert len(openings) == 1


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("record", RECORDS)
def test_run_settlement__killed_around_a_stored_state__pays_once(
    village: Village, monkeypatch: pytest.MonkeyPatch, record: str, before: bool
) -> None:
    monkeypatch.setattr(Settlements, record, killed_once(getattr(Settlements, record), before=before))
    settle_through_one_kill(village)


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_run_settlement__killed_while_sending__pays_once(
    village: Village, monkeypatch: pytest.MonkeyPatch, taken: int
) -> None:
    """Opening and payment leave together; the node takes none, one or both of them, and then the process dies."""
    original, calls = ChainClient.send_raws, []

    def send_raws(client: ChainClient, raws: Sequence[bytes]) -> list[Answer]:
        calls.append(tuple(raws))
        if len(calls) > 1:
            return original(client, raws)
        if taken:
            original(client, raws[:taken])
        raise KilledError

    monkeypatch.setattr(ChainClient, "send_raws", send_raws)
    settle_through_one_kill(village)
    assert len(calls[0]) == 2
    assert {raw for call in calls for raw in call} == set(calls[0])


def test_run_settlement__killed_between_chunks__pays_the_rest_once(
    new_village: MakeVillage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oracle.settle.commitment.payouts_per_chunk", lambda _: 4)
    village = new_village()
    village.schedule(POOL)
    village.import_day(FIRST_DAY)
    paid: list[str] = []

    def progress(step: str) -> None:
        if step.startswith("paying chunk 2"):
            paid.append(step)
            if len(paid) == 1:
                raise KilledError

    with pytest.raises(KilledError):
        run_settlement(village.context(progress), COMMUNITY, FIRST_DAY)
    settlement = run_settlement(village.context(progress), COMMUNITY, FIRST_DAY)
    with village.database.read() as connection:
        chunks = Settlements(connection).chunks(settlement.settlement_id)
    assert [len(one.payouts) for one in chunks] == [4, 4, 1]
    assert village.on_chain.contracts.token.total_supply() == BUDGET_UNITS


def test_run_settlement__somebody_else_pays_the_chunk__is_found_paid(village: Village) -> None:
    """Anybody may push a chunk; the job then reads what happened and sends nothing twice."""
    opened = run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.OPEN)
    with village.database.read() as connection:
        chunks = Settlements(connection).chunks(opened.settlement_id)
    call = village.on_chain.contracts.ledger.pay(0, 0, 0, chunks[0].payouts, [])
    village.on_chain.sender("auditor").send(call, "a stranger pays")
    settlement = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    assert settlement.state is SettlementState.CLOSED
    assert village.on_chain.contracts.token.total_supply() == BUDGET_UNITS
