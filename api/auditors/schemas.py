"""Bodies of auditors."""

from typing import Annotated, Literal

from pydantic import Field

from api.instants import InstantIn
from api.schemas import Reason, Strict, StrictInput


class RangeInput(StrictInput):
    """Which readings and settlements an auditor may see, and why; `until` is when the appointment ends by itself."""

    from_: Annotated[InstantIn, Field(alias="from")]
    to: InstantIn
    until: InstantIn | None = None
    reason: Reason


class AuditorBody(Strict):
    """An auditor with the range of what may be seen; proposed waits for a second person."""

    sub: str
    state: Literal["active", "pending", "proposed"]
    from_: Annotated[str | None, Field(alias="from")]
    to: str | None
    until: str | None


class ReadBody(Strict):
    """One read of an auditor."""

    at: str
    action: str
    path: str
