"""How much and how often: bodies are read up to a limit, and each caller speaks at most so many times a minute."""

import shutil
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import monotonic

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from api.refusals import Limited, StorageFull, TooLarge

WINDOW_S = 60
KNOWN_CALLERS = 100_000
FREE_SHARE = 10


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a caller: `limit` calls a minute, `left` of them now, all of them again after `reset_s`."""

    limit: int
    left: int
    reset_s: int

    @property
    def headers(self) -> dict[str, str]:
        """The fields of the IETF draft on rate limits."""
        policy = f'"minute";q={self.limit};w={WINDOW_S}'
        return {"RateLimit-Policy": policy, "RateLimit": f'"minute";r={self.left};t={self.reset_s}'}


class RateLimit:
    """At most `per_minute` calls of one caller within any minute, in this process.

    What holds for all processes is the refusal above so many waiting batches, which the database counts.
    """

    def __init__(self, per_minute: int, now_s: Callable[[], float] = monotonic) -> None:
        self._per_minute, self._now_s = per_minute, now_s
        self._calls: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def check(self, caller: str) -> Allowance:
        """Count a call, and say what is left; Limited, with the seconds to wait, when it is one too many."""
        now_s = self._now_s()
        with self._lock:
            calls = self._calls.setdefault(caller, deque())
            self._calls.move_to_end(caller)
            while len(self._calls) > KNOWN_CALLERS:
                self._calls.popitem(last=False)
            while calls and calls[0] <= now_s - WINDOW_S:
                calls.popleft()
            if len(calls) >= self._per_minute:
                wait_s = int(calls[0] + WINDOW_S - now_s) + 1
                raise Limited(f"more than {self._per_minute} requests in a minute: wait {wait_s} s", wait_s)
            calls.append(now_s)
            return Allowance(self._per_minute, self._per_minute - len(calls), int(calls[0] + WINDOW_S - now_s) + 1)


@dataclass(frozen=True)
class Rates:
    """The limits of this server by kind of caller, and of routes that cost more."""

    anonymous: RateLimit = field(default_factory=lambda: RateLimit(60))
    person: RateLimit = field(default_factory=lambda: RateLimit(600))
    device: RateLimit = field(default_factory=lambda: RateLimit(60))
    routes: dict[str, RateLimit] = field(default_factory=dict)

    def of_route(self, name: str, per_minute: int) -> RateLimit:
        """The own limit of a route."""
        return self.routes.setdefault(name, RateLimit(per_minute))


def refuse_full_disk(folder: Path) -> None:
    """StorageFull when less than a tenth of the disk of `folder` is free."""
    usage = shutil.disk_usage(folder)
    if usage.free * FREE_SHARE < usage.total:
        raise StorageFull


async def read_body(request: Request, max_bytes: int) -> bytes:
    """The body of a request; TooLarge as soon as it has more than `max_bytes`, without reading the rest."""
    return b"".join([part async for part in _parts(request, max_bytes)])


async def save_body(request: Request, path: Path, max_bytes: int) -> None:
    """Write the body of a request into a file; TooLarge as `read_body`."""
    with path.open("wb") as file:
        async for part in _parts(request, max_bytes):
            await run_in_threadpool(file.write, part)


async def _parts(request: Request, max_bytes: int) -> AsyncIterator[bytes]:
    stated = request.headers.get("content-length", "")
    size = int(stated) if stated.isdigit() else 0
    if size <= max_bytes:
        size = 0
        async for part in request.stream():
            size += len(part)
            if size > max_bytes:
                break
            yield part
    if size > max_bytes:
        raise TooLarge("too_large", f"the body has more than {max_bytes} bytes: split it")
