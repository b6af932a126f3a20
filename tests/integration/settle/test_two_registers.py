"""Connection points with two registers, settled by a combined model: what is paid is what the take-out proves."""

from pathlib import Path

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.local import LocalChain
from gettone.db.columns import SLOT_S
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.devices import ContractRow, Devices
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.settlements import Settlements
from gettone.metering.flow import FlowConfig
from gettone.periods import parse_period, utc_text
from gettone.types import Direction
from gettone.vault import Vault
from gettone.verifier import TrustInputs, verify_file
from oracle.import_readings import import_readings
from oracle.intake import open_intake
from oracle.settle.job import run_settlement
from oracle.takeout.disclosure import TakeoutRequest
from oracle.takeout.export import TakeoutExporter
from tests.factories.community import member_id_of
from tests.factories.deployed_community import deploy_test_community
from tests.factories.village import COMMUNITY, FIRST_DAY, GRACE_S, TIMEZONE, Village

pytestmark = pytest.mark.chain
SIZE = 9
STEP_S = 900
REGISTERS = {"withdrawal": Direction.WITHDRAWAL, "injection": Direction.INJECTION}
HANDOVER_SLOTS = 48
GATED = {
    "kind": "combined",
    "mode": "pool",
    "budget_units": str(10**18 + 7),
    "combination": "gated",
    "gate_permille": 500,
    "self_consumption": {"slot_s": 900, "consumer_share_permille": 400},
    "no_peaks": {"threshold_permille": 900, "penalty_permille": 10, "window_hours": [[7, 22]]},
}


def register_wh(register: str, member: int, at: int) -> int:
    """Both registers move in some quarters: the energies are kept apart or netted, as the community says."""
    if register == "withdrawal":
        return 40 + (member * 131 + at * 17) % 700
    return -((member * 57 + at * 29) % 500) if 28 <= at < 72 else 0


def make_two_registers(
    chain: LocalChain, client: ChainClient, folder: Path, database_url: str, netting: str
) -> Village:
    on_chain = deploy_test_community(chain, client, folder / "deployments", joined=SIZE, period_kind="day")
    village = Village(on_chain, Database(database_url), Vault(bytes(range(32))), folder, SIZE)
    from_slot = parse_period(FIRST_DAY, TIMEZONE).start_s // SLOT_S
    with village.database.write() as connection:
        communities, devices, flows = Communities(connection), Devices(connection, village.vault), Flows(connection)
        community = communities.get_or_create(COMMUNITY, tz=TIMEZONE, netting=netting)
        configs = {name: FlowConfig(direction=int(way)) for name, way in REGISTERS.items()}
        made = {name: flows.get_or_create(name, config) for name, config in configs.items()}
        for member in range(SIZE):
            communities.add_member(community.community_id, member_id=member_id_of(member))
            communities.set_interval(member_id_of(member), from_slot)
        for member in range(SIZE):
            device = devices.get_or_create(f"IT001E{member:08}")
            devices.set_contract(ContractRow(device.device_id, from_slot, None, 3000, None, 3000))
            for name, way in REGISTERS.items():
                devices.add_channel(device.device_id, way, STEP_S)
                flows.add_device(made[name].flow_id, device.device_id)
            hold(devices, device.device_id, member, from_slot)
    return village


def hold(devices: Devices, device_id: int, member: int, from_slot: int) -> None:
    """The first connection point passes to the second member at noon."""
    if member == 0:
        devices.set_holder(device_id, member_id_of(0), from_slot, from_slot + HANDOVER_SLOTS)
        devices.set_holder(device_id, member_id_of(1), from_slot + HANDOVER_SLOTS)
    else:
        devices.set_holder(device_id, member_id_of(member), from_slot)


def import_registers(village: Village) -> None:
    period = parse_period(FIRST_DAY, TIMEZONE)
    village.on_chain.chain.set_time(period.end_s + GRACE_S)
    for name in REGISTERS:
        path = village.folder / f"{name}.csv"
        lines = [
            f"IT001E{member:08},{utc_text(start_s)},{STEP_S},{register_wh(name, member, at)}"
            for member in range(SIZE)
            for at, start_s in enumerate(range(period.start_s, period.end_s, STEP_S))
        ]
        path.write_text("\n".join(["device,timestamp_utc,interval_s,energy_wh", *lines]) + "\n", encoding="utf-8")
        report = import_readings(
            open_intake(village.database, village.vault, village.folder / "lake"),
            path,
            name,
            now_ms=village.on_chain.client.now_s() * 1000,
        )
        assert report.counters.rows_new == SIZE * 96


@pytest.mark.parametrize("netting", ["none", "pod"])
def test_settlement__two_registers_and_a_handover__every_take_out_verifies(
    local_chain: LocalChain, chain_client: ChainClient, tmp_path: Path, database_url: str, netting: str
) -> None:
    village = make_two_registers(local_chain, chain_client, tmp_path, database_url, netting)
    village.schedule(GATED)
    import_registers(village)
    settlement = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    assert settlement.computed.total_units == 10**18 + 7
    with village.database.read() as connection:
        series = Settlements(connection).series(settlement.settlement_id)
    # The point that was handed over has both registers under both members.
    assert len(series) == 2 * (SIZE + 1)
    trust = TrustInputs(
        local_chain.rpc_url, "0x" + chain_client.genesis_hash.hex(), village.on_chain.contracts.ledger.address
    )
    exporter = TakeoutExporter(village.database, village.vault, village.on_chain.contracts)
    for member in range(SIZE):
        request = TakeoutRequest(COMMUNITY, member_id_of(member), parse_period(FIRST_DAY, TIMEZONE))
        bundle = tmp_path / "takeout.zip"
        bundle.write_bytes(exporter.export(request)[1])
        report = verify_file(bundle, trust)
        assert report.verdict == "OK", (member, [(step.number, step.details) for step in report.steps])
    village.database.close()
