"""The five levels of completeness of a settlement, who was left out and why, and another model on the same period."""

import pytest

from gettone.db.repositories.communities import Communities
from gettone.errors import Conflict, MissingInput
from oracle.settle.completeness import Completeness, LevelState, completeness_of
from oracle.settle.completeness_words import left_out_in_words, level_in_words
from oracle.settle.job import run_settlement
from oracle.settle.periods import find_period
from oracle.settle.shadow import shadow_run
from tests.factories.community import member_id_of
from tests.factories.village import BUDGET_UNITS, COMMUNITY, FIRST_DAY, POOL, Village, synthetic_wh
from tests.integration.settle.conftest import MakeVillage

pytestmark = pytest.mark.chain
OTHER = POOL | {"consumer_share_permille": 300}
DAY_S = 86_400


def report_of(village: Village) -> Completeness:
    key = find_period(village.database, village.on_chain.contracts, COMMUNITY, FIRST_DAY)
    with village.database.read() as connection:
        return completeness_of(connection, key)


def states_of(village: Village) -> dict[str, LevelState]:
    return {one.name: one.state for one in report_of(village).levels}


def test_completeness_of__closed_settlement__is_complete_at_five_levels(village: Village) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    assert states_of(village) == dict.fromkeys(("slot", "member", "period", "token", "source"), LevelState.COMPLETE)


def test_completeness_of__member_without_readings_and_one_without_wallet__are_named(new_village: MakeVillage) -> None:
    village = new_village(joined=8)
    village.schedule(POOL)
    village.import_day(FIRST_DAY, lambda member, hour: None if member == 0 else synthetic_wh(member, hour))
    village.on_chain.chain.set_time(village.on_chain.client.now_s() + 46 * DAY_S)
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    report = report_of(village)
    assert {one.member_id: one.why for one in report.left_out} == {
        member_id_of(0): "nothing_measured",
        member_id_of(8): "no_wallet",
    }
    states = states_of(village)
    assert (states["slot"], states["member"], states["token"]) == (
        LevelState.INCOMPLETE,
        LevelState.INCOMPLETE,
        LevelState.COMPLETE,
    )


def test_completeness_of__not_computed__says_what_to_run(village: Village) -> None:
    with pytest.raises(MissingInput, match="settle gate"):
        report_of(village)


@pytest.mark.parametrize(("lang", "word"), [("en", "complete"), ("it", "completo")])
def test_words__closed_settlement__say_each_level(village: Village, lang: str, word: str) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    report = report_of(village)
    assert [level_in_words(one, lang).rsplit(" - ", 1)[1] for one in report.levels] == [word] * 5
    assert [left_out_in_words(one, lang) for one in report.left_out] == []


def test_shadow_run__another_model__compares_each_member_and_changes_nothing(village: Village) -> None:
    settled = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    village.schedule(OTHER, "2016-07-20")
    block = village.on_chain.client.block_number()
    shadow = shadow_run(village.context(), COMMUNITY, FIRST_DAY, 2)
    assert (shadow.settled, shadow.in_force.to_document()["result_digest"]) == (True, settled.computed.result_digest)
    assert sum(one.shadow_units for one in shadow.lines) == sum(one.in_force_units for one in shadow.lines)
    assert sum(one.change_units for one in shadow.lines) == 0 != max(one.change_units for one in shadow.lines)
    assert sum(one.in_force_units for one in shadow.lines) == BUDGET_UNITS
    assert village.on_chain.client.block_number() == block
    with village.database.read() as connection:
        assert Communities(connection).get(COMMUNITY).community_id == 1


def test_shadow_run__readings_that_came_after_the_settlement__are_not_read(village: Village) -> None:
    settled = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    village.import_day(FIRST_DAY, lambda member, hour: 2 * synthetic_wh(member, hour), part="b")
    village.schedule(OTHER, "2016-07-20")
    shadow = shadow_run(village.context(), COMMUNITY, FIRST_DAY, 2)
    assert shadow.in_force.to_document()["result_digest"] == settled.computed.result_digest


def test_shadow_run__model_in_force__has_nothing_to_compare(village: Village) -> None:
    with pytest.raises(Conflict, match="give another with --model"):
        shadow_run(village.context(), COMMUNITY, FIRST_DAY, 1)
