"""Editing by two persons: what is proposed, and what an approved edit writes."""

from collections.abc import Sequence

import pytest

from gettone.errors import Conflict, InputError, Refused
from gettone.metering.edits.approval import Action, Edit, EditedSlots, EditValue, HeldVersion, propose
from gettone.metering.edits.merge import EditMerge, apply_edit
from gettone.metering.operators import parse_operator, require_two_persons
from gettone.metering.rules.versions import CurrentReading
from gettone.types import Quality

pytestmark = pytest.mark.unit
SLOT, CHANNEL, BATCH, NOW_MS, SHA = 1_636_348, 7, 30, 1_700_000_000_000, b"\x01" * 32


def held(version: int, wh: int, state: str = "quarantined", *, slot: int = SLOT, rank: int = 50, batch: int = 11):
    return HeldVersion(slot, version, wh, rank, batch, state)


def stored(
    current: dict[int, CurrentReading] | None = None, waiting: Sequence[HeldVersion] = (), last: int = 0
) -> EditedSlots:
    numbers = {one.slot: max(last, one.version) for one in waiting}
    return EditedSlots(current or {}, waiting, numbers, {11: (NOW_MS - 1000, b"\x02" * 32)})


def run(edit: Edit, found: EditedSlots) -> EditMerge:
    return apply_edit(edit, found, BATCH, NOW_MS, SHA)


def test_apply__accept__is_quality_1_with_the_rank_of_the_version() -> None:
    found = stored(waiting=[held(1, 9_000)])
    merge = run(propose(CHANNEL, Action.ACCEPT, [SLOT], found, "a heat pump"), found)
    assert [tuple(one) for one in merge.added] == [(CHANNEL, SLOT, 9_000, 1, 50, 2, BATCH)]
    assert [tuple(one) for one in merge.answered] == [(SLOT, 1, "accepted")]


def test_apply__accept_over_a_measured_value__is_a_correction_and_keeps_it() -> None:
    found = stored({SLOT: CurrentReading(500, 1, 50, 1, 11)}, [held(2, 9_000)])
    merge = run(propose(CHANNEL, Action.ACCEPT, [SLOT], found, "read on site"), found)
    assert [(one.wh, one.quality, one.version) for one in merge.replaced] == [(9_000, 3, 3)]
    assert [(one.wh, one.version, one.state) for one in merge.versions] == [(500, 1, "superseded")]


def test_apply__accept_under_a_better_source__is_kept_beside() -> None:
    found = stored({SLOT: CurrentReading(500, 1, 50, 1, 11)}, [held(2, 9_000, rank=30)])
    merge = run(propose(CHANNEL, Action.ACCEPT, [SLOT], found, "read on site"), found)
    assert (merge.replaced, merge.older) == ([], 1)
    assert [(one.wh, one.state) for one in merge.versions] == [(9_000, "older")]


def test_apply__accept_one_of_a_conflict__refuses_its_rivals() -> None:
    found = stored(waiting=[held(1, 187, "conflict"), held(2, 190, "conflict")])
    merge = run(propose(CHANNEL, Action.ACCEPT, [SLOT], found, "bill", version=2), found)
    assert merge.added[0].wh == 190
    assert {(one.version, one.state) for one in merge.answered} == {(2, "accepted"), (1, "refused")}


def test_propose__accept_a_conflict_without_a_version__is_refused() -> None:
    found = stored(waiting=[held(1, 187, "conflict"), held(2, 190, "conflict")])
    with pytest.raises(InputError, match="name the version"):
        propose(CHANNEL, Action.ACCEPT, [SLOT], found, "bill")


def test_apply__refuse__leaves_the_slot_as_before() -> None:
    found = stored({SLOT: CurrentReading(500, 1, 50, 1, 11)}, [held(2, 9_000)])
    merge = run(propose(CHANNEL, Action.REFUSE, [SLOT], found, "spike"), found)
    assert (merge.added, merge.replaced, merge.versions, merge.refused) == ([], [], [], 1)
    assert [tuple(one) for one in merge.answered] == [(SLOT, 2, "refused")]


def test_apply__withdraw__is_missing_with_the_same_rank() -> None:
    found = stored({SLOT: CurrentReading(500, 1, 50, 4, 11)})
    merge = run(propose(CHANNEL, Action.WITHDRAW, [SLOT], found, "wrong meter"), found)
    assert [(one.wh, one.quality, one.rank, one.version) for one in merge.replaced] == [(0, 0, 50, 5)]
    assert [(one.wh, one.state, one.batch_id) for one in merge.versions] == [(500, "superseded", 11)]


def test_propose__withdraw_what_is_missing_already__is_refused() -> None:
    found = stored({SLOT: CurrentReading(0, 0, 50, 4, 11)})
    with pytest.raises(InputError, match="0 slots are with a value"):
        propose(CHANNEL, Action.WITHDRAW, [SLOT], found, "wrong meter")


@pytest.mark.parametrize(
    ("current", "rank"), [({SLOT: CurrentReading(500, 1, 30, 1, 11)}, 30), ({}, 5)], ids=["of what it answers", "none"]
)
def test_apply__substitute__is_quality_4_and_never_earns(current: dict[int, CurrentReading], rank: int) -> None:
    found = stored(current)
    merge = run(propose(CHANNEL, Action.SUBSTITUTE, [SLOT], found, "profile", typed_wh=[420]), found)
    (one,) = merge.added + merge.replaced
    assert (one.wh, one.quality, one.rank) == (420, 4, rank)
    assert not Quality(one.quality).earns


def test_apply__substitute_for_a_waiting_value__refuses_it() -> None:
    found = stored(waiting=[held(1, 9_000, rank=20)])
    merge = run(propose(CHANNEL, Action.SUBSTITUTE, [SLOT], found, "profile", typed_wh=[420]), found)
    assert (merge.added[0].quality, merge.added[0].rank) == (4, 20)
    assert [tuple(one) for one in merge.answered] == [(SLOT, 1, "refused")]


def test_propose__fewer_values_than_slots__is_refused() -> None:
    with pytest.raises(InputError, match="1 values for 2 slots"):
        propose(CHANNEL, Action.SUBSTITUTE, [SLOT, SLOT + 4], stored(), "profile", typed_wh=[420])


@pytest.mark.parametrize("reason", ["", "  ", "x" * 401])
def test_propose__without_a_reason__is_refused(reason: str) -> None:
    with pytest.raises(InputError, match="reason"):
        propose(CHANNEL, Action.REFUSE, [SLOT], stored(waiting=[held(1, 9_000)]), reason)


@pytest.mark.parametrize("action", [Action.ACCEPT, Action.REFUSE])
def test_apply__value_decided_meanwhile__is_stale(action: Action) -> None:
    edit = propose(CHANNEL, action, [SLOT], stored(waiting=[held(1, 9_000)]), "late")
    with pytest.raises(Conflict, match="changed since"):
        run(edit, stored())


@pytest.mark.parametrize("action", [Action.WITHDRAW, Action.SUBSTITUTE])
def test_apply__value_replaced_meanwhile__is_stale(action: Action) -> None:
    before, after = ({SLOT: CurrentReading(500, 1, 50, version, 11)} for version in (1, 2))
    typed = [1] if action is Action.SUBSTITUTE else []
    edit = propose(CHANNEL, action, [SLOT], stored(before), "late", typed_wh=typed)
    with pytest.raises(Conflict, match="changed since"):
        run(edit, stored(after))


@pytest.mark.parametrize("action", Action)
def test_apply__any_action__counts_every_value_once(action: Action) -> None:
    current = {SLOT: CurrentReading(500, 1, 50, 1, 11), SLOT + 4: CurrentReading(0, 0, 50, 1, 11)}
    waiting = [held(2, 500), held(3, 700, slot=SLOT + 4), held(1, 800, slot=SLOT + 8)]
    found, slots = stored(current, waiting), [SLOT, SLOT + 4, SLOT + 8]
    edit = propose(CHANNEL, action, slots, found, "all", typed_wh=[1, 2, 3] if action is Action.SUBSTITUTE else [])
    merge = run(edit, found)
    counted = merge.new + merge.changed + merge.confirmed + merge.equal + merge.older + merge.missing + merge.refused
    assert counted == len(edit.values) > 0


def test_of_json__stored_edit__is_the_same() -> None:
    edit = Edit(CHANNEL, Action.SUBSTITUTE, (EditValue(SLOT, 0, -12),), "perché no")
    assert Edit.of_json(edit.to_json()) == edit


@pytest.mark.parametrize("text", ["anna@example.org", "Anna Rossi", "a", "x" * 65, "-a"])
def test_parse_operator__name_or_address__is_refused(text: str) -> None:
    with pytest.raises(InputError, match="operator"):
        parse_operator(text)


def test_require_two_persons__same_one__is_refused() -> None:
    with pytest.raises(Refused, match="another person"):
        require_two_persons("a.rossi", "a.rossi")
