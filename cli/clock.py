"""Whose time a command takes."""

import time

from gettone.chain.client import connect
from gettone.settings import Clock, Settings


def now_ms(settings: Settings) -> int:
    """The time now [unix ms], from the chain where its clock was moved."""
    if settings.clock is Clock.SYSTEM:
        return time.time_ns() // 1_000_000
    settings.require("rpc_url")
    return connect(settings.rpc_url or "", settings.chain_id, genesis_hash=settings.genesis_hash).now_s() * 1000
