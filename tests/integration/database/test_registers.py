"""Communities, members, devices and flows: who held what, and when, without overlap."""

import pytest

from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities, MemberIntervalRow, MemberKind
from gettone.db.repositories.devices import ContractRow, Devices, HolderRow
from gettone.db.repositories.flows import Flows
from gettone.errors import Conflict, InputError, MissingInput
from gettone.metering.flow import FlowConfig
from gettone.types import Direction
from gettone.vault import Vault

pytestmark = pytest.mark.database


def test_get_or_create__community_again__is_the_same_or_a_conflict(database: Database) -> None:
    with database.write() as connection:
        communities = Communities(connection)
        made = communities.get_or_create("fontana", tz="Europe/Rome", netting="pod")
        assert (
            communities.get_or_create("fontana", tz="Europe/Rome", netting="pod") == made == communities.get("fontana")
        )
        with pytest.raises(Conflict, match="another netting, tz"):
            communities.get_or_create("fontana", tz="Europe/Paris")
        assert communities.all() == (made,)
        with pytest.raises(MissingInput, match="no community 'nowhere'"):
            communities.get("nowhere")


@pytest.mark.parametrize(
    "wrong", [{"slug": "x" * 33}, {"slug": ""}, {"tz": "Europe/Atlantis"}, {"settle_slot_s": 1800}, {"netting": "all"}]
)
def test_get_or_create__wrong_value__is_refused(database: Database, wrong: dict[str, str | int]) -> None:
    values = {"slug": "fontana", "tz": "Europe/Rome"} | wrong
    with database.write() as connection, pytest.raises(InputError):
        Communities(connection).get_or_create(**values)  # type: ignore[arg-type]  # wrong on purpose


def test_members__random_ids__come_in_bytewise_order(database: Database) -> None:
    with database.write() as connection:
        communities = Communities(connection)
        community_id = communities.get_or_create("fontana", tz="Europe/Rome").community_id
        made = [communities.add_member(community_id, kind=kind) for kind in (*MemberKind, *MemberKind)]
        listed = communities.members(community_id)
        assert listed == tuple(sorted(made, key=lambda one: one.member_id))
        assert {len(bytes.fromhex(one.member_id)) for one in listed} == {32}
        assert [kind.chain_class for kind in MemberKind] == [1, 2, 3]


def test_member__prefix_or_wallet__finds_the_one(database: Database) -> None:
    wallet = "0x" + "Cd" * 20
    with database.write() as connection:
        communities = Communities(connection)
        community_id = communities.get_or_create("fontana", tz="Europe/Rome").community_id
        first = communities.add_member(community_id, member_id="ab" * 32)
        second = communities.add_member(community_id, member_id="ac" + "00" * 31)
        communities.set_wallet(second.member_id, wallet)
        communities.set_status(second.member_id, "left")
        assert communities.member(community_id, "0xAB") == first
        found = communities.member(community_id, wallet.lower())
        assert (found.member_id, found.wallet, found.status) == (second.member_id, wallet, "left")
        with pytest.raises(InputError, match="2 members"):
            communities.member(community_id, "a")
        with pytest.raises(MissingInput, match="begins with 'ff'"):
            communities.member(community_id, "ff")
        with pytest.raises(MissingInput):
            communities.set_wallet("ff" * 32, wallet)


def test_set_interval__overlap__is_a_conflict(database: Database) -> None:
    with database.write() as connection:
        communities = Communities(connection)
        community_id = communities.get_or_create("fontana", tz="Europe/Rome").community_id
        member_id = communities.add_member(community_id).member_id
        communities.set_interval(member_id, 100)
        communities.set_interval(member_id, 100, 200)
        communities.set_interval(member_id, 200)
        for start, end in ((150, 160), (50, 101), (300, None)):
            with pytest.raises(Conflict, match="overlaps"):
                communities.set_interval(member_id, start, end)
        with pytest.raises(InputError, match="is not after"):
            communities.set_interval(member_id, 100, 100)
        assert communities.intervals(community_id) == (
            MemberIntervalRow(member_id, 100, 200),
            MemberIntervalRow(member_id, 200, None),
        )


def test_devices__pod_with_15_characters__is_the_same_device(database: Database, vault: Vault) -> None:
    with database.write() as connection:
        devices = Devices(connection, vault)
        made = devices.get_or_create("IT001E12345678")
        assert devices.get_or_create("IT001E123456781").device_id == made.device_id
        assert devices.get_or_create("konstanz_household_a").device_id != made.device_id
        assert (
            devices.get_or_create("konstanz_household_b").device_id
            != devices.get_or_create("konstanz_household_a").device_id
        )


def test_devices__holders_and_contracts__by_validity(database: Database, vault: Vault) -> None:
    with database.write() as connection:
        communities, devices = Communities(connection), Devices(connection, vault)
        community_id = communities.get_or_create("fontana", tz="Europe/Rome").community_id
        first, second = (communities.add_member(community_id).member_id for _ in range(2))
        device_id = devices.get_or_create("home01").device_id
        devices.set_holder(device_id, first, 100)
        with pytest.raises(Conflict, match="overlaps"):
            devices.set_holder(device_id, second, 150)
        with pytest.raises(Conflict, match="overlaps"):
            devices.set_holder(device_id, second, 100)
        devices.set_holder(device_id, first, 100, 150)
        devices.set_holder(device_id, second, 150)
        assert devices.holders(community_id) == (
            HolderRow(device_id, first, 100, 150),
            HolderRow(device_id, second, 150, None),
        )
        contract = ContractRow(device_id, 100, None, 3_000, None, 4_000)
        devices.set_contract(contract)
        devices.set_contract(contract)
        with pytest.raises(Conflict, match="overlaps"):
            devices.set_contract(ContractRow(device_id, 200, None, 6_000, None, None))
        assert devices.contracts([device_id]) == (contract,)
        channel = devices.add_channel(device_id, Direction.LOAD, 900)
        assert devices.add_channel(device_id, Direction.LOAD, 900) == channel
        assert devices.channels([device_id]) == (channel,)
        with pytest.raises(InputError, match="300 s"):
            devices.add_channel(device_id, Direction.LOAD, 300)
        assert {one.external_id for one in devices.of_community(community_id).values()} == {"home01"}


def test_flows__again_with_another_configuration__is_a_conflict(database: Database, vault: Vault) -> None:
    with database.write() as connection:
        flows = Flows(connection)
        made = flows.get_or_create("upload", FlowConfig(), supplier="members")
        assert flows.get_or_create("upload", FlowConfig(), supplier="members") == made
        with pytest.raises(Conflict, match="another configuration"):
            flows.get_or_create("upload", FlowConfig(source_class=1))
        device_id = Devices(connection, vault).get_or_create("home01").device_id
        flows.add_device(made.flow_id, device_id)
        flows.add_device(made.flow_id, device_id)
        assert flows.devices(made.flow_id) == {device_id}
