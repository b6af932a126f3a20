"""The collector of reference cycles stands still for the length of a block."""

import gc

import pytest

from oracle.collector import collector_paused

pytestmark = pytest.mark.unit


def test_collector_paused__inside_the_block__is_off_and_on_again_after() -> None:
    with collector_paused():
        inside = gc.isenabled()
    assert (inside, gc.isenabled()) == (False, True)


def test_collector_paused__block_that_raises__is_on_again() -> None:
    with pytest.raises(ZeroDivisionError), collector_paused():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_collector_paused__one_inside_another__waits_for_the_outer_one() -> None:
    with collector_paused():
        with collector_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
