"""Whose time a command takes."""

import time
from collections.abc import Callable

from gettone.chain.client import connect
from gettone.settings import Clock, Settings


def clock_of(settings: Settings) -> Callable[[], int]:
    """The clock of a command [unix ms]: our own, or that of the chain where it was moved."""
    if settings.clock is Clock.SYSTEM:
        return lambda: time.time_ns() // 1_000_000
    settings.require("rpc_url")
    client = connect(settings.rpc_url or "", settings.chain_id, genesis_hash=settings.genesis_hash)
    return lambda: client.now_s() * 1000


def now_ms(settings: Settings) -> int:
    """The time now [unix ms] by that clock."""
    return clock_of(settings)()
