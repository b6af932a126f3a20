"""A process that settles is killed with SIGKILL, by seed, and run again: the books are those of a run nobody killed."""

from collections.abc import Iterator

import pytest

from scripts.reliability.settlement_kills import Outcome, run_seeds
from scripts.reliability.settlement_stage import Stage

pytestmark = [pytest.mark.chain, pytest.mark.slow]
SEEDS = range(50)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    stage = Stage(tmp_path_factory.mktemp("stage"))
    try:
        yield run_seeds(stage, SEEDS)
    finally:
        stage.close()


def test_settle__killed_fifty_times_and_more__loses_and_doubles_nothing(outcome: Outcome) -> None:
    assert (outcome.seeds, outcome.wrong) == (len(SEEDS), {})


def test_settle__killed_fifty_times_and_more__died_at_every_kind_of_place(outcome: Outcome) -> None:
    assert len(outcome.kills) == 3
    assert sum(outcome.kills.values()) >= len(SEEDS)
