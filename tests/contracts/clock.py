"""The clock of the test chain, moved in unix seconds and never asked for the wall clock's time."""

import datetime as dt

from brownie import web3

HOUR_S = 3600
DAY_S = 86_400


def unix_s(year: int, month: int, day: int) -> int:
    """Unix seconds of midnight UTC."""
    return int(dt.datetime(year, month, day, tzinfo=dt.UTC).timestamp())


def _request(method: str, parameters: list) -> None:
    answer = web3.provider.make_request(method, parameters)
    assert "error" not in answer, answer


def next_block_at(instant_s: int) -> None:
    """The next transaction, not yet sent, happens at exactly this instant."""
    _request("evm_setNextBlockTimestamp", [instant_s])


def move_to(instant_s: int) -> None:
    """Mine an empty block at this instant; calls and transactions after it happen then or a little later."""
    next_block_at(instant_s)
    _request("evm_mine", [])


def now_s() -> int:
    """Time of the newest block."""
    return web3.eth.get_block("latest")["timestamp"]
