"""The units of systemd and the lines of cron: one of each for every job, and none for what cron cannot say."""

import pytest

from oracle.worker.registry import JOBS
from oracle.worker.schedule import parse_schedule
from scripts.build_units import build, cron_times

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", [one.name for one in JOBS])
def test_build__each_job__has_a_timer_and_a_line_of_cron(name: str) -> None:
    files = build()
    assert f"Unit=gettone-job@{name}.service" in files[f"gettone-job-{name}.timer"]
    assert f"worker run {name} --once\n" in files["gettone.cron"]


@pytest.mark.parametrize(
    ("text", "times"),
    [("60s", "* * * * *"), ("15m", "*/15 * * * *"), ("6h", "0 */6 * * *"), ("00:05", "5 0 * * *")],
)
def test_cron_times__schedule__is_five_fields(text: str, times: str) -> None:
    schedule = parse_schedule(text, "Europe/Rome")
    assert schedule is not None
    assert cron_times(schedule) == times


@pytest.mark.parametrize("text", ["90s", "30s", "7m", "5h", "90m"])
def test_cron_times__interval_that_cron_cannot_say__is_refused(text: str) -> None:
    schedule = parse_schedule(text, "Europe/Rome")
    assert schedule is not None
    with pytest.raises(ValueError, match="cron cannot say"):
        cron_times(schedule)
