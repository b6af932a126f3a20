"""Sharing of the energy bonus: vectors 4.x and Shapley of the specification, keys, sums and refusals."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gettone.errors import InputError
from gettone.rewards.gse import share_bonus, share_document
from gettone.rewards.gse_input import parse_bonus
from gettone.rewards.sharing_keys import KEYS, SharingHour, shapley_values

pytestmark = pytest.mark.unit

KWH = 1000
BASE: dict[str, Any] = {
    "premium_cents": 100_000,
    "valorisation_cents": 0,
    "incentivised_shared_wh": 60_000 * KWH,
    "incentivised_injected_wh": 100_000 * KWH,
    "threshold_permille": 550,
    "fixed_cost_cents": 0,
    "cost_permille": 100,
    "producer_permille": 400,
    "producer_key": "equal",
    "consumer_key": "shared_energy",
    "members": [
        {"member_id": "A", "shared_withdrawn_wh": 900},
        {"member_id": "B", "shared_withdrawn_wh": 600, "enterprise": True},
        {"member_id": "P", "producer": True, "consumer": False},
    ],
}


def shared(**changes: Any) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    result = share_document(BASE | changes)
    return result["lines"], {one["member_id"]: one for one in result["members"]}


def test_vector_4_1__excess_costs_and_both_sides__to_the_cent() -> None:
    lines, members = shared()
    assert (lines["excess_cents"], lines["costs_cents"]) == (8_333, 9_166)
    assert (lines["producers_cents"], lines["consumers_cents"]) == (33_000, 49_501)
    assert (members["A"]["excess_cents"], members["A"]["consumer_cents"]) == (8_333, 29_701)
    assert (members["B"]["excess_cents"], members["B"]["consumer_cents"]) == (0, 19_800)
    assert members["P"]["producer_cents"] == 33_000
    assert lines["total_cents"] == 100_000


@pytest.mark.parametrize(
    ("changes", "excess"),
    [
        ({"incentivised_shared_wh": 50_000 * KWH}, 0),
        ({"threshold_permille": 450}, 25_000),
        ({"incentivised_shared_wh": 0}, 0),
    ],
)
def test_vectors_4_2_and_4_3__threshold__excess(changes: dict[str, Any], excess: int) -> None:
    assert shared(**changes)[0]["excess_cents"] == excess


def test_vector_4_4__equal_key__first_id_gets_the_cent_left_over() -> None:
    members = [{"member_id": who} for who in "CAB"]
    only_consumers = {"cost_permille": 0, "producer_permille": 0, "consumer_key": "equal", "members": members}
    _, of = shared(premium_cents=10_000, incentivised_shared_wh=0, **only_consumers)
    assert [of[who]["consumer_cents"] for who in "ABC"] == [3_334, 3_333, 3_333]


def test_vector_shapley__one_hour__exact_values() -> None:
    members = [{"member_id": who} for who in ("P", "C1", "C2")]
    hours = [{"withdrawn_wh": {"C1": 6, "C2": 8}, "injected_wh": {"P": 10}}]
    rules = {"cost_permille": 0, "producer_permille": 0, "consumer_key": "shapley"}
    _, of = shared(premium_cents=1000, incentivised_shared_wh=0, members=members, hours=hours, **rules)
    assert {who: one["consumer_cents"] for who, one in of.items()} == {"P": 566, "C1": 167, "C2": 267}


def test_gse_excess__given_by_gse__is_taken_as_it_is() -> None:
    asked = {name: value for name, value in BASE.items() if not name.startswith(("incentivised", "threshold"))}
    assert share_document(asked | {"excess_cents": 1234})["lines"]["excess_cents"] == 1234


@pytest.mark.parametrize("changes", [{"excess_to": "social_fund"}, {"members": BASE["members"][1:]}])
def test_excess__to_the_fund_or_without_household__is_kept_in_the_social_fund(changes: dict[str, Any]) -> None:
    lines, members = shared(**changes)
    assert lines["social_fund_cents"] == lines["excess_cents"] == 8_333
    assert {one["excess_cents"] for one in members.values()} == {0}
    assert lines["total_cents"] == 100_000


def test_side_without_weight__no_producer__stays_undistributed() -> None:
    lines, _ = shared(members=BASE["members"][:2])
    assert (lines["undistributed_cents"], lines["total_cents"]) == (33_000, 100_000)


def test_costs__above_the_rest__take_no_more_than_it() -> None:
    lines, _ = shared(fixed_cost_cents=10**9)
    assert (lines["costs_cents"], lines["producers_cents"], lines["total_cents"]) == (91_667, 0, 100_000)


def test_producer_key__shared_energy__reads_the_injected_side() -> None:
    members = [
        {"member_id": "P", "producer": True, "shared_injected_wh": 1, "shared_withdrawn_wh": 9},
        {"member_id": "Q", "producer": True, "shared_injected_wh": 2, "shared_withdrawn_wh": 1},
    ]
    _, of = shared(producer_key="shared_energy", members=members)
    assert (of["P"]["producer_cents"], of["Q"]["producer_cents"]) == (11_000, 22_000)


@st.composite
def bonuses(draw: st.DrawFn) -> dict[str, Any]:
    whole = st.integers(0, 10**7)
    ids = draw(st.lists(st.sampled_from("ABCDEFGé"), max_size=6, unique=True))
    members = [
        {
            "member_id": who,
            "producer": draw(st.booleans()),
            "consumer": draw(st.booleans()),
            "enterprise": draw(st.booleans()),
            "fixed_share": draw(st.integers(0, 3)),
            "withdrawn_wh": draw(whole),
            "shared_withdrawn_wh": draw(whole),
            "shared_injected_wh": draw(whole),
        }
        for who in ids
    ]
    energies = st.dictionaries(st.sampled_from(ids), st.integers(0, 50)) if ids else st.just({})
    hours = st.fixed_dictionaries({"withdrawn_wh": energies, "injected_wh": energies})
    return {
        "premium_cents": draw(whole),
        "valorisation_cents": draw(whole),
        "incentivised_shared_wh": draw(whole),
        "incentivised_injected_wh": draw(whole),
        "threshold_permille": draw(st.sampled_from([450, 550])),
        "excess_to": draw(st.sampled_from(["consumers", "social_fund"])),
        "fixed_cost_cents": draw(whole),
        "cost_permille": draw(st.integers(0, 1000)),
        "producer_permille": draw(st.integers(0, 1000)),
        "producer_key": draw(st.sampled_from(KEYS)),
        "consumer_key": draw(st.sampled_from(KEYS)),
        "members": members,
        "hours": draw(st.lists(hours, min_size=1, max_size=3)),
    }


@given(bonuses())
def test_lines__any_bonus_and_keys__sum_to_what_came_in(document: dict[str, Any]) -> None:
    shares = share_bonus(parse_bonus(document))
    assert shares.total_cents == document["premium_cents"] + document["valorisation_cents"]
    lines = (shares.excess_cents, shares.costs_cents, shares.producers_cents, shares.consumers_cents)
    assert min(lines) >= 0
    assert min((one.total_cents for one in shares.members), default=0) >= 0


@given(bonuses())
def test_order__of_the_members__changes_nothing(document: dict[str, Any]) -> None:
    assert share_document(document | {"members": document["members"][::-1]}) == share_document(document)


@given(
    st.lists(
        st.fixed_dictionaries({who: st.tuples(st.integers(0, 9), st.integers(0, 9)) for who in "ABCD"}), max_size=3
    )
)
def test_shapley__any_hours__values_sum_to_the_shared_energy(drawn: list[dict[str, tuple[int, int]]]) -> None:
    hours = [
        SharingHour({who: w for who, (w, _) in hour.items()}, {who: j for who, (_, j) in hour.items()})
        for hour in drawn
    ]
    worth = sum(min(sum(hour.withdrawn_wh.values()), sum(hour.injected_wh.values())) for hour in hours)
    assert sum(shapley_values("ABCD", hours).values()) == 24 * worth


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"premium_cents": 1.5}, "premium_cents is 1.5, and must be a whole number"),
        ({"threshold_permille": 500}, "threshold_permille is 500, and must be 550, or 450"),
        ({"consumer_key": "lottery"}, "consumer_key is 'lottery', and must be one of equal"),
        ({"consumer_key": "shapley"}, "hours is required and missing"),
        ({"members": [{"member_id": "A"}, {"member_id": "A"}]}, "members holds 'A' twice"),
        ({"members": [{"member_id": "A", "iban": "x"}]}, r"members\[0\].iban is not a known name"),
        ({"hours": [{"withdrawn_wh": {"Z": 1}}]}, r"hours\[0\] holds 'Z', which is no member"),
        ({"bonus": 1}, "bonus is not a known name here"),
        ({"excess_cents": 5}, "incentivised_injected_wh is not a known name here"),
    ],
)
def test_input__against_its_format__one_sentence_names_the_field(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        share_document(BASE | changes)


def test_shapley__thirteen_members__is_refused() -> None:
    players = [f"m{number:02}" for number in range(13)]
    with pytest.raises(InputError, match="at most 12 members, and the set has 13"):
        shapley_values(players, [])
