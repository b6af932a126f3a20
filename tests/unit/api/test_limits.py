"""How often and how much."""

from collections import namedtuple
from pathlib import Path

import pytest

from api import limits
from api.limits import RateLimit, refuse_full_disk
from api.refusals import Limited, StorageFull

pytestmark = pytest.mark.unit

Usage = namedtuple("Usage", "total used free")


def test_rate__sixty_in_a_minute__pass_and_the_next_waits() -> None:
    now_s = 100.0
    rate = RateLimit(60, lambda: now_s)
    for _ in range(60):
        rate.check("1")
    now_s = 130.0
    with pytest.raises(Limited) as refusal:
        rate.check("1")
    assert refusal.value.headers == {"Retry-After": "31"}
    now_s = 161.0
    rate.check("1")


def test_rate__another_caller__has_its_own() -> None:
    rate = RateLimit(1, lambda: 0.0)
    rate.check("1")
    rate.check("2")
    with pytest.raises(Limited):
        rate.check("1")


@pytest.mark.parametrize(("free", "full"), [(9, True), (10, False)])
def test_disk__below_a_tenth__takes_nothing(monkeypatch: pytest.MonkeyPatch, free: int, full: bool) -> None:
    monkeypatch.setattr(limits.shutil, "disk_usage", lambda _folder: Usage(100, 100 - free, free))
    if not full:
        assert refuse_full_disk(Path()) is None
        return
    with pytest.raises(StorageFull):
        refuse_full_disk(Path())
