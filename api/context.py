"""What the endpoints work with, built once and handed to each of them."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request

from api.limits import RateLimit
from gettone.db.engine import Database
from gettone.intake_port import Intake

PER_MINUTE = 60

# Judges a file of a flow without storing anything: (flow, file, receipt [unix ms]) to the report as a JSON object.
DryRun = Callable[[str, Path, int], Mapping[str, Any]]


def system_clock_ms() -> int:
    """The time of the server [unix ms]."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class ApiContext:
    """Database, intake and dry run of this server; `folder` is where uploads wait, on the disk that is watched."""

    database: Database
    intake: Intake
    dry_run: DryRun
    folder: Path
    clock: Callable[[], int] = system_clock_ms
    rate: RateLimit = field(default_factory=lambda: RateLimit(PER_MINUTE))


def context_of(request: Request) -> ApiContext:
    """The context of the application that serves a request."""
    context: ApiContext = request.app.state.context
    return context


Context = Annotated[ApiContext, Depends(context_of)]
