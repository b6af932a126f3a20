"""Bodies of take-outs."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.schemas import MemberId, Reason, Strict, StrictInput

Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
LevelName = Literal["full", "partial", "proof-only"]


class TakeoutInput(StrictInput):
    """Whose take-out (the own without a member) of which local days, `to` exclusive; an auditor says why."""

    member: MemberId | None = None
    from_: Annotated[Day, Field(alias="from")]
    to: Day
    level: LevelName = "full"
    reason: Reason | None = None


class TakeoutBody(Strict):
    """A take-out; its file can be downloaded while it is ready, for seven days."""

    id: str
    member: MemberId
    from_: Annotated[str, Field(alias="from")]
    to: str
    level: LevelName
    reason: str | None
    state: Literal["requested", "ready", "failed", "expired"]
    requested_at: str
    expires_at: str | None
    operation: str | None
    file_name: str | None
    size_bytes: int | None
    sha256: str | None
