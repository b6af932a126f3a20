"""Bodies of health."""

from typing import Literal

from api.schemas import Strict

Name = Literal["database", "identity", "chain", "index"]
State = Literal["good", "bad", "absent"]


class LiveBody(Strict):
    """The process answers."""

    status: Literal["live"] = "live"


class PartBody(Strict):
    """One thing this server rests on; `detail` says in words what is wrong, `measure` is its figure in `unit`."""

    name: Name
    state: State
    detail: str
    measure: int | None = None
    unit: Literal["s"] | None = None


class StatusBody(Strict):
    """All of them; `ready` when none is bad."""

    ready: bool
    parts: list[PartBody]
