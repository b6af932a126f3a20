"""What a grouping says: labels that stay, words, spread, who may see it."""

import re

import numpy as np
import pytest
from defusedxml import ElementTree

from gettone.clustering.curves import Curves
from gettone.clustering.facts import facts_of
from gettone.clustering.labels import PreviousGroup, assign_labels
from gettone.clustering.outcome import MICRO, Outcome, group_by_shape, group_by_value
from gettone.clustering.picture import Panel, draw
from gettone.errors import MissingInput
from tests.factories.curves import EVENING, HEIGHTS, MORNING, shapes

pytestmark = pytest.mark.unit


def curves_of(*sizes: int, bumps: tuple[tuple[int, int], ...] = (MORNING, EVENING), seed: int = 5) -> Curves:
    wh = shapes(*sizes, bumps=bumps, seed=seed)
    return Curves(tuple(f"m{number:03}" for number in range(len(wh))), wh, 900)


def previous_of(outcome: Outcome) -> list[PreviousGroup]:
    return [PreviousGroup(one.label, tuple(value / MICRO for value in one.centroid_micro)) for one in outcome.groups]


def test_group_by_shape__two_shapes__are_told_apart_in_words() -> None:
    outcome = group_by_shape(curves_of(12, 14))
    assert {one.facts.english.split(",")[0]: len(one.members) for one in outcome.groups} == {
        "morning peak": 12,
        "evening peak": 14,
    }


def test_group_by_shape__next_run__keeps_its_letters() -> None:
    first = group_by_shape(curves_of(12, 14))
    # The same people in reverse order and with other noise: only the previous run knows which letter is whose.
    other = curves_of(12, 14, seed=6)
    turned = Curves(other.names[::-1], other.wh[::-1] * 3, 900)
    swapped = [PreviousGroup("B" if one.label == "A" else "A", one.centroid) for one in previous_of(first)]
    assert group_by_shape(turned, previous=previous_of(first)).idx == first.idx
    assert group_by_shape(turned, previous=swapped).idx != first.idx


def test_group_by_shape__one_group_more_than_before__gives_a_new_letter() -> None:
    first = group_by_shape(curves_of(12, 14, bumps=HEIGHTS[:2]))
    second = group_by_shape(curves_of(12, 14, 10, bumps=HEIGHTS), previous=previous_of(first))
    assert [second.idx[name] for name in ("m000", "m012", "m030")] == [first.idx["m000"], first.idx["m012"], "C"]


def test_assign_labels__first_run__orders_by_level_then_peak() -> None:
    means = np.array([[3.0, 1], [9, 1], [1, 3]])
    assert assign_labels(means, means) == ["A", "C", "B"]


def test_assign_labels__other_columns_before__starts_afresh() -> None:
    assert assign_labels(np.ones((1, 96)), np.ones((1, 96)), [PreviousGroup("Q", (1.0,) * 24)]) == ["A"]


def test_group_by_shape__spread__is_that_of_the_curves() -> None:
    curves = curves_of(12, 14)
    found = group_by_shape(curves).groups[0]
    rows = curves.watts[[curves.names.index(name) for name in found.members]]
    assert found.mean_w[40] == round(rows[:, 40].mean())
    assert found.sd_w[40] == round(rows[:, 40].std())
    assert found.cv_bp[40] == round(10_000 * rows[:, 40].std() / rows[:, 40].mean())


def test_for_members__small_group__is_withheld() -> None:
    outcome = group_by_shape(curves_of(4, 14))
    assert [len(one.members) for one in outcome.for_members()] == [14]


def test_for_members__unstable__sees_nothing() -> None:
    outcome = group_by_shape(curves_of(12, 14, 10, bumps=(MORNING, EVENING, HEIGHTS[0])))
    assert not outcome.stable
    assert outcome.for_members() == ()


def test_group_by_shape__no_curves__are_too_few() -> None:
    with pytest.raises(MissingInput, match="at least 4"):
        group_by_shape(Curves((), np.empty((0, 96)), 900))


def test_group_by_value__use_types__have_the_same_outputs() -> None:
    curves = curves_of(6, 7)
    values = {name: "home" if number < 6 else "shop" for number, name in enumerate(curves.names[:-1])}
    outcome = group_by_value(curves, values)
    assert {one.label: len(one.members) for one in outcome.groups} == {"home": 6, "shop": 6}
    assert outcome.left_out == (("m012", "no_value"),)
    assert outcome.stable
    assert set(outcome.silhouettes) == {2}


def test_to_document__left_out__are_counted_not_named() -> None:
    curves = curves_of(6, 7)
    outcome = group_by_shape(Curves(curves.names, curves.wh, 900, (("secret", "zero"), ("other", "zero"))))
    document = outcome.to_document()
    assert document["left_out"] == {"zero": 2}
    assert "m001" not in str(document)


def test_facts__flat_curve__says_so_in_both_languages() -> None:
    facts = facts_of(np.full(96, 300.0))
    assert (facts.english, facts.italian) == ("flat, high base", "piatta, base alta")


def test_facts__dinner_time__is_an_evening_peak() -> None:
    curve = np.full(96, 50.0)
    curve[78:84] = 2_000
    facts = facts_of(curve)
    assert (facts.english, facts.italian) == ("evening peak, low base", "picco serale, base bassa")


def test_draw__groups__is_well_formed_with_a_panel_each() -> None:
    panels = [Panel(f"{one.label} & co", one.mean_w, one.sd_w) for one in group_by_shape(curves_of(6, 7)).groups]
    root = ElementTree.fromstring(draw("Homes <all>", ["below"], panels))
    assert len(root.findall("{http://www.w3.org/2000/svg}g")) == 2
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "Homes <all>"


@pytest.mark.parametrize(
    ("highest_w", "marks"),
    [
        (13_796, ["0 kW", "5 kW", "10 kW", "15 kW"]),
        (3_723, ["0 kW", "1 kW", "2 kW", "3 kW", "4 kW"]),
        (1_900, ["0,0 kW", "0,5 kW", "1,0 kW", "1,5 kW", "2,0 kW"]),
        (640, ["0 W", "200 W", "400 W", "600 W", "800 W"]),
        (0, ["0 W", "1 W"]),
    ],
)
def test_draw__axis__has_round_marks_in_units_of_people(highest_w: int, marks: list[str]) -> None:
    text = draw("t", [], [Panel("h", (highest_w, 0), (0, 0))], ",")
    assert re.findall(r">([0-9,]+ k?W)<", text) == marks
