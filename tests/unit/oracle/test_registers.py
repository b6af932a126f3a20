"""Holdings: memberships, holders and contracts cut to what one member held under one contract."""

import pytest

from gettone.db.columns import SLOT_S
from gettone.db.repositories.communities import MemberIntervalRow
from gettone.db.repositories.devices import ChannelRow, ContractRow, DeviceRow, HolderRow
from gettone.db.repositories.readings import ChannelReadings, StoredReading
from gettone.types import Direction
from oracle.settle.member_series import MISSING, counted_series, coverage, member_series
from oracle.settle.registers import GRID_DIRECTIONS, Holding, HoldingTables, holdings_in

pytestmark = pytest.mark.unit
START, END = 1_636_348, 1_636_348 + 96  # one local day in slots of 900 s
ANNA, BRUNO = "0a" * 32, "0b" * 32
NET = ChannelRow(7, 1, Direction.EXCHANGE, 3600)
MIN_RANK = 10


def tables(
    holders: list[HolderRow],
    contracts: list[ContractRow] | None = None,
    channels: list[ChannelRow] | None = None,
    until: int | None = None,
) -> HoldingTables:
    return HoldingTables(
        (MemberIntervalRow(ANNA, START - 960, until), MemberIntervalRow(BRUNO, START - 960, None)),
        tuple(holders),
        tuple(contracts or []),
        {1: DeviceRow(1, "IT001E00000001", None)},
        tuple(channels or [NET]),
    )


def holdings(found: HoldingTables) -> tuple[Holding, ...]:
    return holdings_in(found, GRID_DIRECTIONS, START * SLOT_S, END * SLOT_S)


def hourly(wh: int, quality: int = 1, rank: int = 10) -> ChannelReadings:
    return ChannelReadings(NET, tuple(StoredReading(START + 4 * hour, wh, quality, rank, 1) for hour in range(24)))


def test_holdings_in__open_holder__is_bounded_by_the_membership() -> None:
    (one,) = holdings(tables([HolderRow(1, ANNA, START - 960, None)], until=START + 48))
    assert (one.from_s, one.to_s) == ((START - 960) * SLOT_S, (START + 48) * SLOT_S)


def test_holdings_in__change_of_contract__is_two_holdings() -> None:
    contracts = [
        ContractRow(1, START - 960, START + 48, 3000, None, None),
        ContractRow(1, START + 48, None, 4500, None, None),
    ]
    found = holdings(tables([HolderRow(1, ANNA, START - 960, None)], contracts))
    assert [one.contract_power_w for one in found] == [3000, 4500]
    assert found[0].to_s == found[1].from_s == (START + 48) * SLOT_S


def test_holdings_in__contract_in_the_middle__leaves_power_zero_around_it() -> None:
    contracts = [ContractRow(1, START + 10, START + 20, 3000, None, None)]
    found = holdings(tables([HolderRow(1, ANNA, START - 960, None)], contracts))
    assert [one.contract_power_w for one in found] == [0, 3000, 0]


def test_holdings_in__device_handed_over__belongs_to_each_in_turn() -> None:
    found = holdings(tables([HolderRow(1, ANNA, START - 960, START + 48), HolderRow(1, BRUNO, START + 48, None)]))
    assert [one.member_id for one in found] == [ANNA, BRUNO]


def test_holdings_in__before_the_period__is_left_out() -> None:
    assert holdings(tables([HolderRow(1, ANNA, START - 960, START)])) == ()


def test_holdings_in__production_channel__is_not_read_by_a_grid_model() -> None:
    channels = [ChannelRow(8, 1, Direction.PRODUCTION, 3600)]
    assert holdings(tables([HolderRow(1, ANNA, START - 960, None)], channels=channels)) == ()


def test_memberships__two_registers__carry_the_power_once() -> None:
    channels = [ChannelRow(8, 1, Direction.WITHDRAWAL, 900), ChannelRow(9, 1, Direction.INJECTION, 900)]
    contracts = [ContractRow(1, START - 960, None, 3000, None, None)]
    (one,) = holdings(tables([HolderRow(1, ANNA, START - 960, None)], contracts, channels))
    assert [(entry.device, entry.contract_power_w) for entry in one.memberships()] == [("8", 3000), ("9", 0)]


def test_member_series__device_handed_over__commits_each_slot_once() -> None:
    held = holdings(tables([HolderRow(1, ANNA, START - 960, START + 48), HolderRow(1, BRUNO, START + 48, None)]))
    anna, bruno = member_series([hourly(500)], held, START * SLOT_S, END * SLOT_S, MIN_RANK)
    assert len(anna.values) == len(bruno.values) == 24
    assert len(anna.counted()) == len(bruno.counted()) == 12
    assert not set(anna.counted()) & set(bruno.counted())
    assert counted_series([anna, bruno], {})["7"].readings.keys() == anna.counted().keys() | bruno.counted().keys()


def test_member_series__holding_ends_inside_a_slot__leaves_that_slot_out() -> None:
    held = holdings(tables([HolderRow(1, ANNA, START - 960, START + 50)]))
    (anna,) = member_series([hourly(500)], held, START * SLOT_S, END * SLOT_S, MIN_RANK)
    assert (anna.expected_slots, len(anna.counted())) == (12, 12)


@pytest.mark.parametrize(
    ("quality", "rank", "committed"),
    [
        (1, 10, (500, 1)),
        (3, 50, (500, 3)),
        (1, 9, MISSING),
        (2, 5, (500, 2)),
        (4, 50, (500, 4)),
        (0, 50, MISSING),
    ],
)
def test_member_series__quality_and_rank__decide_what_is_committed(
    quality: int, rank: int, committed: tuple[int | None, int]
) -> None:
    held = holdings(tables([HolderRow(1, ANNA, START - 960, None)]))
    (anna,) = member_series([hourly(500, quality, rank)], held, START * SLOT_S, END * SLOT_S, MIN_RANK)
    assert set(anna.values) == {committed}
    assert len(anna.counted()) == (24 if committed in ((500, 1), (500, 3)) else 0)


def test_coverage__nobody_measured__is_zero_of_what_is_expected() -> None:
    held = holdings(tables([HolderRow(1, ANNA, START - 960, None)]))
    parts = member_series([], held, START * SLOT_S, END * SLOT_S, MIN_RANK)
    (one,) = coverage([ANNA], parts)
    assert (one.expected_slots, one.valid_slots, one.permille) == (24, 0, 0)
