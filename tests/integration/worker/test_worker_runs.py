"""Runs under leases: two workers, a dead one, refusals, defects, and the loop over what is due."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from gettone.db.repositories.communities import Communities
from gettone.db.repositories.job_runs import LEASE_MS, JobRuns, RunKey, RunState, Trigger, WorkerId
from gettone.errors import Conflict, Held, MissingInput, Unreachable
from oracle.worker.job import Run, Summary
from oracle.worker.scheduler import run_now
from tests.factories.working import START_MS, Shop

pytestmark = pytest.mark.database

LEASE_S = LEASE_MS // 1000


def nothing(_: Run) -> Summary:
    return {"done": 1}


def test_run__job_that_ends_well__row_says_who_what_when_and_result(shop: Shop) -> None:
    def work(_: Run) -> Summary:
        shop.clock.move(3)
        return {"rows": 4}

    shop.runner(pid=42).run(shop.add("count", work), "", Trigger.COMMAND)
    (row,) = shop.runs("count")
    assert (row.host, row.pid, row.trigger, row.state, row.summary) == ("test", 42, "command", "done", '{"rows": 4}')
    assert (row.started_at, row.ended_at, row.failures, row.code) == (START_MS, START_MS + 3000, 0, None)


def test_run__while_another_worker_runs_it__is_refused_and_leaves_no_row(shop: Shop) -> None:
    refusals = []

    def work(_: Run) -> Summary:
        with pytest.raises(Conflict) as refusal:
            shop.runner(pid=2).run(job, "", Trigger.SCHEDULE)
        refusals.append(refusal.value.code)
        return {}

    job = shop.add("alone", work)
    shop.runner(pid=1).run(job, "", Trigger.SCHEDULE)
    assert (refusals, [one.pid for one in shop.runs("alone")]) == (["job_running"], [1])


def test_run__other_community_meanwhile__is_allowed(shop: Shop) -> None:
    def work(run: Run) -> Summary:
        if run.community == "fontana":
            shop.runner(pid=2).run(job, "monte", Trigger.SCHEDULE)
        return {}

    job = shop.add("each", work)
    shop.runner().run(job, "fontana", Trigger.SCHEDULE)
    assert [one.state for one in shop.runs("each", "monte")] == [RunState.DONE]


def test_start__eight_workers_at_the_same_instant__one_gets_the_job(shop: Shop) -> None:
    def begin(pid: int) -> str:
        try:
            start_and_die(shop, "rush", pid)
        except Conflict as refusal:
            return refusal.code
        return "started"

    with ThreadPoolExecutor(8) as pool:
        found = Counter(pool.map(begin, range(8)))
    assert found == {"started": 1, "job_running": 7}


def start_and_die(shop: Shop, job: str, pid: int) -> int:
    with shop.database.write() as connection:
        return JobRuns(connection).start(RunKey(job), WorkerId("test", pid), Trigger.SCHEDULE, shop.clock())


def test_tick__worker_that_was_killed__run_is_lost_after_its_lease_and_the_next_one_takes_over(shop: Shop) -> None:
    shop.add("pay", nothing, "30m")
    start_and_die(shop, "pay", pid=1)
    shop.clock.move(LEASE_S - 1)
    assert shop.scheduler(pid=2).tick() == ()
    shop.clock.move(1)
    assert shop.scheduler(pid=2).tick() == (RunKey("pay"),)
    assert [(one.pid, one.state) for one in shop.runs("pay")] == [(1, RunState.LOST), (2, RunState.DONE)]


def test_beat__run_that_works_longer_than_a_lease__keeps_it(shop: Shop) -> None:
    runner = shop.runner()

    def work(_: Run) -> Summary:
        for _step in range(3):
            shop.clock.move(LEASE_S - 1)
            runner.heartbeat.beat()
        with pytest.raises(Conflict):
            start_and_die(shop, "long", pid=2)
        return {}

    runner.run(shop.add("long", work), "", Trigger.SCHEDULE)
    assert [one.state for one in shop.runs("long")] == [RunState.DONE]


def test_beat__worker_that_slept_through_its_lease__stops_and_leaves_the_row_to_the_other(shop: Shop) -> None:
    runner = shop.runner(pid=1)

    def work(run: Run) -> Summary:
        run.step()
        shop.clock.move(LEASE_S)
        start_and_die(shop, "asleep", pid=2)
        runner.heartbeat.beat()
        run.step()
        raise AssertionError("it went on")

    outcome = runner.run(shop.add("asleep", work), "", Trigger.SCHEDULE)
    assert outcome.state is RunState.INTERRUPTED
    assert [(one.pid, one.state) for one in shop.runs("asleep")] == [(1, RunState.LOST), (2, RunState.RUNNING)]


def test_run__worker_that_ends__stops_at_the_next_step_and_is_due_again(shop: Shop) -> None:
    runner, steps = shop.runner(), []

    def work(run: Run) -> Summary:
        for number in range(3):
            run.step()
            steps.append(number)
            runner.stop.set()
        return {}

    job = shop.add("steps", work, "6h")
    runner.run(job, "", Trigger.SCHEDULE)
    assert (steps, shop.runs("steps")[-1].state) == ([0], RunState.INTERRUPTED)
    assert [key.job for _, key in shop.scheduler().due()] == ["steps"]


def refuse(refusal: Exception) -> Callable[[Run], Summary]:
    def work(_: Run) -> Summary:
        raise refusal

    return work


def test_tick__jobs_that_fail__others_run_and_rows_have_the_codes(shop: Shop) -> None:
    shop.add("far", refuse(Unreachable("node_unreachable", "the node does not answer")))
    shop.add("broken", refuse(ZeroDivisionError()))
    shop.add("waits", refuse(Held("gate_blocked", "a person decides")))
    shop.add("fine", nothing)
    shop.scheduler().tick()
    rows = [shop.runs(name)[-1] for name in ("far", "broken", "waits", "fine")]
    assert [(one.state, one.code, one.failures) for one in rows] == [
        ("failed", "node_unreachable", 1),
        ("failed", "internal", 1),
        ("held", "gate_blocked", 0),
        ("done", None, 0),
    ]


def test_tick__failures_in_a_row__wait_longer_each_time_and_count_until_it_ends_well(shop: Shop) -> None:
    failing = [True]

    def work(_: Run) -> Summary:
        if failing:
            raise Unreachable("node_unreachable", "the node does not answer")
        return {}

    shop.add("farther", work, "10s")
    scheduler, started = shop.scheduler(), []
    for second in range(0, 500, 10):
        if second == 420:
            failing.clear()
        if scheduler.tick():
            started.append(second)
        shop.clock.move(10)
    assert started[:4] == [0, 60, 180, 420]
    assert [one.failures for one in shop.runs("farther")[:4]] == [1, 2, 3, 0]


def test_tick__same_process_still_runs_it__is_not_started_twice(shop: Shop) -> None:
    waiting: list[Callable[[], None]] = []
    shop.add("slow", nothing)
    scheduler = shop.scheduler(submit=waiting.append)
    assert (scheduler.tick(), scheduler.tick()) == ((RunKey("slow"),), ())
    waiting.pop()()
    shop.clock.move(60)
    assert scheduler.tick() == (RunKey("slow"),)


def test_tick__two_workers_at_once__each_job_runs_once(shop: Shop) -> None:
    shop.add("one", nothing)
    waiting: list[Callable[[], None]] = []
    for pid in (1, 2):
        shop.scheduler(pid, waiting.append).tick()
    for work in waiting:
        work()
    assert (len(waiting), [one.pid for one in shop.runs("one")]) == (2, [1])


def test_run_now__setting_it_needs_is_missing__is_named_before_a_row(shop: Shop) -> None:
    job = shop.add("chain", nothing, needs=(("rpc_url",),))
    with pytest.raises(MissingInput, match="GETTONE_RPC_URL"):
        run_now(shop.runner(), job, None)
    assert (shop.runs("chain"), shop.scheduler().due()) == ((), [])


def test_tick__job_by_community_without_contracts_file__runs_none(shop: Shop) -> None:
    shop.add("settle", nothing, per_community=True)
    with shop.database.write() as connection:
        Communities(connection).get_or_create("fontana", tz="Europe/Rome")
    assert shop.scheduler().tick() == ()


def test_remove_before__old_runs__newest_of_each_job_stays(shop: Shop) -> None:
    job, other = shop.add("often", nothing), shop.add("rare", nothing)
    for one in (job, job, other):
        shop.runner().run(one, "", Trigger.SCHEDULE)
    with shop.database.write() as connection:
        JobRuns(connection).remove_before(START_MS + 1)
    assert (len(shop.runs("often")), len(shop.runs("rare"))) == (1, 1)
