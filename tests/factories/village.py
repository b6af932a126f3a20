"""A small community with database, devices and synthetic readings, ready to be settled day by day.

Keys are throw-away and made from public names; readings follow from member and hour by a fixed rule.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gettone.chain.client import ChainClient
from gettone.chain.local import LocalChain
from gettone.chain.transactions import Sender
from gettone.db.columns import SLOT_S
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.devices import ContractRow, Devices
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.transactions import DatabaseTransactionStore
from gettone.metering.flow import FlowConfig
from gettone.periods import parse_period, utc_text
from gettone.types import Direction
from gettone.vault import Vault
from oracle.import_readings import import_readings
from oracle.import_report import ImportReport
from oracle.intake import open_intake
from oracle.settle.context import SettlementContext
from tests.factories.community import TestCommunity, member_id_of, throwaway_account
from tests.factories.deployed_community import deploy_test_community

TIMEZONE = "Europe/Rome"
COMMUNITY = "fontana"
FLOW = "village"
FIRST_DAY = "2016-07-01"
# Any source has three days after a period; its data is imported when they are over.
GRACE_S = 3 * 86_400
BUDGET_UNITS = 10**18
POOL: Mapping[str, Any] = {
    "kind": "self_consumption",
    "mode": "pool",
    "budget_units": str(BUDGET_UNITS),
    "consumer_share_permille": 700,
}


def synthetic_wh(member: int, hour: int) -> int:
    """Net energy [Wh] of a member in an hour of the day: everybody injects for six hours, at different times."""
    if 0 <= hour - 7 - 2 * (member % 4) < 6:
        return -(200 + (member * 71 + hour * 13) % 400)
    return 250 + (member * 37 + hour * 53) % 500


@dataclass
class Village:
    """The community on chain and in the database, with what a settlement works with."""

    on_chain: TestCommunity
    database: Database
    vault: Vault
    folder: Path
    size: int
    steps: list[str] = field(default_factory=list)
    oracle_names: tuple[str, ...] = ("oracle", "second_oracle")
    _received_ms: int = 0

    def context(self, progress: Callable[[str], None] | None = None) -> SettlementContext:
        """What the settlement job works with; without `progress` the steps are collected in `steps`."""
        client = self.on_chain.client
        oracles = tuple(throwaway_account(name) for name in self.oracle_names)
        sender = Sender(client, oracles[0], DatabaseTransactionStore(self.database, client.genesis_hash))
        return SettlementContext(
            self.database, self.vault, self.on_chain.contracts, oracles, sender, progress or self.steps.append
        )

    def schedule(self, model: Mapping[str, Any], day: str = FIRST_DAY) -> None:
        """Publish a model on chain that applies from a local day on."""
        self.on_chain.schedule_model(model, parse_period(day, TIMEZONE).start_s)

    def import_day(
        self, day: str, wh: Callable[[int, int], int | None] = synthetic_wh, part: str = "a", later_s: int = GRACE_S
    ) -> ImportReport:
        """Move the clock past a local day and import its readings; `wh` gives None for a missing one."""
        period = parse_period(day, TIMEZONE)
        if self.on_chain.client.now_s() < period.end_s + later_s:
            self.on_chain.chain.set_time(period.end_s + later_s)
        path = self.folder / f"readings-{day.replace('/', '_')}-{part}.csv"
        lines = ["device,timestamp_utc,interval_s,energy_wh"]
        for member in range(self.size):
            for start_s in range(period.start_s, period.end_s, 3600):
                value = wh(member, period.clock.local_hour(start_s))
                if value is not None:
                    lines.append(f"meter{member},{utc_text(start_s)},3600,{value}")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        # Of two versions received in the same millisecond the greater digest wins, so each file comes later.
        self._received_ms = max(self.on_chain.client.now_s() * 1000, self._received_ms + 1)
        intake = open_intake(self.database, self.vault, self.folder / "lake")
        return import_readings(intake, path, FLOW, now_ms=self._received_ms)

    def balance_units(self, member: int) -> int:
        """Tokens of a member on chain, in base units."""
        return self.on_chain.contracts.token.balance_of(throwaway_account(f"member {member}").address)


def make_village(
    chain: LocalChain,
    client: ChainClient,
    folder: Path,
    database_url: str,
    *,
    size: int = 9,
    joined: int | None = None,
    **spec_changes: Any,
) -> Village:
    """A village of `size` members, the first `joined` with a wallet, settled by days; its database is upgraded."""
    changes = {"period_kind": "day", "joined": size if joined is None else joined} | spec_changes
    on_chain = deploy_test_community(chain, client, folder / "deployments", **changes)
    village = Village(on_chain, Database(database_url), Vault(bytes(range(32))), folder, size)
    register_members(village)
    return village


def another_operator(village: Village, folder: Path, database_url: str, oracle: str) -> Village:
    """Another operator of the same community: own database, own key-encryption key, one oracle key."""
    vault = Vault(bytes(range(100, 132)))
    other = Village(village.on_chain, Database(database_url), vault, folder, village.size, oracle_names=(oracle,))
    register_members(other)
    return other


def register_members(village: Village) -> None:
    """Store members, devices and the flow of a village in its database."""
    from_slot = parse_period(FIRST_DAY, TIMEZONE).start_s // SLOT_S
    with village.database.write() as connection:
        communities, devices, flows = (
            Communities(connection),
            Devices(connection, village.vault),
            Flows(connection),
        )
        community = communities.get_or_create(COMMUNITY, tz=TIMEZONE)
        flow = flows.get_or_create(FLOW, FlowConfig(source_class=5, direction=int(Direction.EXCHANGE)))
        for member in range(village.size):
            member_id = member_id_of(member)
            communities.add_member(community.community_id, member_id=member_id)
            communities.set_interval(member_id, from_slot)
            device = devices.get_or_create(f"meter{member}")
            devices.add_channel(device.device_id, Direction.EXCHANGE, 3600)
            devices.set_holder(device.device_id, member_id, from_slot)
            devices.set_contract(ContractRow(device.device_id, from_slot, None, 3000, None, None))
            flows.add_device(flow.flow_id, device.device_id)
