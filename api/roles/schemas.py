"""Bodies of roles."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.instants import InstantIn
from api.schemas import Reason, Strict, StrictInput

GrantableRole = Literal["CA", "OA", "TA", "VF", "AU", "SV"]
Holder = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Scope = Annotated[str, StringConstraints(pattern=r"^[a-z-]+:[a-z]+$")]


class GrantInput(StrictInput):
    """From when to when a role is given; both open when left out.

    `data_from` and `data_to` bound the readings that an auditor or a machine may see (both needed for an auditor);
    `scopes` are what a machine may do.
    """

    from_: Annotated[InstantIn | None, Field(alias="from")] = None
    to: InstantIn | None = None
    data_from: InstantIn | None = None
    data_to: InstantIn | None = None
    scopes: Annotated[tuple[Scope, ...], Field(max_length=20, strict=False)] = ()
    reason: Reason


class GrantBody(Strict):
    """A role of a person or a machine; proposed waits for a second person, pending for the identity provider."""

    sub: str
    role: GrantableRole | Literal["PA", "MB", "DV"]
    state: Literal["active", "pending", "proposed"]
    from_: Annotated[str, Field(alias="from")]
    to: str | None
    data_from: str | None
    data_to: str | None
    scopes: list[str]
