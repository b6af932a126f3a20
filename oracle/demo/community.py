"""Setting up the community of the demonstration: members with consent, devices, models with notice."""

from gettone.chain.consent import JoinConsent, MemberClass, sign_join
from gettone.db.columns import SLOT_S
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.devices import ContractRow, Devices
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.positions import Positions
from gettone.generator.places import place_of
from gettone.metering.flow import FlowConfig
from gettone.metering.map_grid import Position
from gettone.periods import parse_period
from gettone.types import Direction
from oracle.demo.people import Home
from oracle.demo.sample import MODELS, STEP_S, TIMEZONE, HomeRow, read_model
from oracle.demo.stage import COMMUNITY, Stage

FLOW = "fontana-connection-points"
FIRST_MONTH = "2016-08"
VALID_FROM_MONTH = {"no_peaks": "2016-08", "self_consumption": "2016-09", "combined": "2016-10"}
CONSENT_VALID_S = 3600
# The sample does not say where in Fontana, California, its homes are: their places are drawn.
AROUND = Position(34_092_200, -117_435_000)


def month_start_s(month: str) -> int:
    """Unix seconds at which a month begins in the community's time zone."""
    return parse_period(month, TIMEZONE).start_s


def register_homes(stage: Stage, homes: tuple[Home, ...], rows: tuple[HomeRow, ...]) -> None:
    """Enter members, devices, channels, holders and contracts, and the flow that speaks for the devices."""
    from_slot = month_start_s(FIRST_MONTH) // SLOT_S
    with stage.database.write() as connection:
        communities, devices = Communities(connection), Devices(connection, stage.vault)
        flows = Flows(connection)
        community = communities.get_or_create(COMMUNITY, tz=TIMEZONE, name="Fontana")
        flow = flows.get_or_create(FLOW, FlowConfig(source_class=5, direction=int(Direction.EXCHANGE)))
        positions = Positions(connection, stage.vault)
        for number, (home, row) in enumerate(zip(homes, rows, strict=True), 1):
            communities.add_member(community.community_id, wallet=home.wallet.address, member_id=home.member_id)
            communities.set_interval(home.member_id, from_slot)
            device = devices.get_or_create(home.name)
            devices.add_channel(device.device_id, Direction.EXCHANGE, STEP_S)
            devices.set_holder(device.device_id, home.member_id, from_slot)
            devices.set_contract(ContractRow(device.device_id, from_slot, None, row.contract_power_w, None, None))
            positions.set({device.device_id: place_of(COMMUNITY, AROUND, number)})
            flows.add_device(flow.flow_id, device.device_id)


def join_homes(stage: Stage, homes: tuple[Home, ...]) -> None:
    """Each wallet signs its consent; the registrar's key carries it to the chain."""
    registrar, registry = stage.sender("registrar"), stage.contracts.members
    for home in homes:
        wallet = home.wallet.address
        consent = JoinConsent(
            COMMUNITY,
            home.member_id,
            MemberClass.CITIZEN,
            registry.nonces(wallet),
            stage.client.now_s() + CONSENT_VALID_S,
        )
        signature = sign_join(home.wallet, registry.contract.address, stage.client.chain_id, consent)
        call = registry.join(home.member_id, wallet, consent.member_class, consent.deadline_s, signature)
        registrar.send(call, f"join/{home.member_id}")


def schedule_models(stage: Stage) -> dict[str, int]:
    """Publish one model of each kind on chain, each for its month; returns their versions by name."""
    admin = stage.sender("oracle_admin")
    for name in MODELS:
        valid_from_s = month_start_s(VALID_FROM_MONTH[name])
        admin.send(stage.contracts.models.schedule(read_model(name), valid_from_s), f"schedule/{name}/{valid_from_s}")
    return {name: version for version, name in enumerate(MODELS, 1)}
