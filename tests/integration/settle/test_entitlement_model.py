"""Random sequences of periods, late readings, revisions, replaced wallets and caps, against a model of LECN-1 §2.

The model keeps entitlement, carried rest and skipped payouts of each member in plain integers, and knows nothing of
the tables: over time everybody is paid what is due less what is carried, once, and the chain has the same sums.
"""

import random
from collections import defaultdict
from pathlib import Path

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.local import LocalChain
from gettone.chain.settlement_ledger import Caps
from gettone.db.repositories.settlement_rows import ComputedMember, SettlementRow
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.db.schema import upgrade
from oracle.settle.job import run_settlement
from oracle.settle.resume import resume
from oracle.settle.revise import speak_for_revision
from tests.factories.community import member_id_of
from tests.factories.village import BUDGET_UNITS, COMMUNITY, POOL, Village, make_village, synthetic_wh
from tests.integration.settle.changes import replace_wallet

pytestmark = pytest.mark.chain
SIZE = 4
STEPS = 7
MONTH_S = 32 * 86_400


class Accounts:
    """What each member is due, carries and got [base units], by the formula alone."""

    def __init__(self) -> None:
        self.entitled: dict[tuple[int, str], int] = {}
        self.carried: dict[str, int] = defaultdict(int)
        self.skipped: dict[str, int] = defaultdict(int)
        self.paid: dict[str, int] = defaultdict(int)

    def settle(self, period: int, line: ComputedMember, cap_units: int, *, was_skipped: bool) -> None:
        """Take one line of a settlement: only its entitlement and whether there was a wallet are read."""
        member = line.member_id
        before = self.entitled.get((period, member), 0)
        due = line.entitlement_units - before + self.carried[member] + self.skipped[member]
        payout = max(0, min(due, cap_units)) if line.wallet else 0
        assert (line.payout_units, line.carried_after_units) == (payout, due - payout)
        self.entitled[period, member] = line.entitlement_units
        self.carried[member], self.skipped[member] = due - payout, payout if was_skipped else 0
        self.paid[member] += 0 if was_skipped else payout

    def require_conserved(self) -> None:
        """Everybody has exactly what the latest entitlements say, less what is carried or skipped."""
        for member in {one for _, one in self.entitled}:
            entitled = sum(units for (_, one), units in self.entitled.items() if one == member)
            assert self.paid[member] == entitled - self.carried[member] - self.skipped[member]


class Trial:
    """One village driven by a seed, with the accounts beside it."""

    def __init__(self, village: Village, seed: int) -> None:
        self.village, self.draw, self.accounts = village, random.Random(seed), Accounts()  # noqa: S311 - a seed repeats a trial
        self.days: list[str] = []
        self.imports = 0

    def run(self) -> None:
        self.settle_day()
        for _ in range(STEPS):
            self.draw.choice((self.settle_day, self.settle_day, self.revise, self.join, self.cap))()
            self.accounts.require_conserved()

    def settle_day(self) -> None:
        self.days.append(f"2016-07-{len(self.days) + 1:02}")
        self.village.import_day(self.days[-1], self._wh())
        replaced = None
        if self.draw.randrange(2):
            run_settlement(self.village.context(), COMMUNITY, self.days[-1], until=SettlementState.ATTESTED)
            replaced = self.draw.randrange(SIZE - 1)
            replace_wallet(self.village.on_chain, replaced)
        self._take(run_settlement(self.village.context(), COMMUNITY, self.days[-1]), replaced)

    def revise(self) -> None:
        day = self.draw.choice(self.days)
        self.imports += 1
        if self.imports > 1:
            self.village.on_chain.chain.set_time(self.village.on_chain.client.now_s() + MONTH_S)
        self.village.import_day(day, self._wh(), part=f"late{self.imports}")
        for person in ("a.rossi", "b.verdi"):
            speak_for_revision(self.village.context(), COMMUNITY, day, operator=person, reason="late data")
        resume(self.village.context(), COMMUNITY)
        self._take(run_settlement(self.village.context(), COMMUNITY, day), None)

    def join(self) -> None:
        if member_id_of(SIZE - 1) not in self.village.on_chain.members:
            self.village.on_chain.join(SIZE - 1)

    def cap(self) -> None:
        ledger, now_s = self.village.on_chain.contracts.ledger, self.village.on_chain.client.now_s()
        caps = Caps(ledger.caps().period_units, BUDGET_UNITS // self.draw.choice((1, 3, 6)))
        self.village.on_chain.send("community_admin", ledger.schedule_caps(caps, now_s + 3700), f"caps/{now_s}")
        self.village.on_chain.chain.set_time(now_s + 3800)

    def _wh(self):  # type: ignore[no-untyped-def]  # a reading of the village's import
        weights = [self.draw.randint(1, 5) for _ in range(SIZE)]
        return lambda member, hour: synthetic_wh(member, hour) * weights[member]

    def _take(self, settlement: SettlementRow, replaced: int | None) -> None:
        assert settlement.state is SettlementState.CLOSED
        cap_units = self.village.on_chain.contracts.ledger.caps().member_units
        with self.village.database.read() as connection:
            lines = [one.computed for one in Settlements(connection).members(settlement.settlement_id)]
        for line in lines:
            was_skipped = replaced is not None and line.member_id == member_id_of(replaced)
            self.accounts.settle(settlement.computed.period_index, line, cap_units, was_skipped=was_skipped)
        self._compare(settlement)

    def _compare(self, settlement: SettlementRow) -> None:
        token = self.village.on_chain.contracts.token
        for member_id, wallet in self.village.on_chain.members.items():
            assert token.balance_of(wallet.address) == self.accounts.paid[member_id]
        assert token.total_supply() == sum(self.accounts.paid.values())
        assert settlement.credited_units is not None
        assert settlement.skipped_units is not None
        assert settlement.credited_units + settlement.skipped_units == settlement.computed.total_units


@pytest.mark.parametrize("seed", range(2))
def test_settlements__random_sequence__pay_what_the_formula_says(
    local_chain: LocalChain, chain_client: ChainClient, tmp_path: Path, seed: int
) -> None:
    url = f"sqlite:///{tmp_path}/village.sqlite"
    upgrade(url)
    caps = {"period_cap_units": str(10 * BUDGET_UNITS), "member_cap_units": str(10 * BUDGET_UNITS)}
    village = make_village(local_chain, chain_client, tmp_path, url, size=SIZE, joined=SIZE - 1, **caps)
    village.schedule(POOL)
    Trial(village, seed).run()
    village.database.close()
