"""Bodies of changes."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from api.schemas import Reason, Strict, StrictInput

Kind = Literal["model", "fee", "incentive", "bonus", "factor", "budget", "cap", "settings"]
Period = Annotated[str, StringConstraints(min_length=4, max_length=32, pattern=r"^[0-9W/-]+$")]


class ChangeInput(StrictInput):
    """A change: every parameter of its kind, and from when on it applies."""

    kind: Kind
    parameters: dict[str, Any]
    valid_from: Annotated[AwareDatetime, Field(strict=False)]


class PreviewInput(StrictInput):
    """On which past period a change is tried: 2016-09, 2016-W37, 2016-09-14 or FROM/TO."""

    period: Period


class ReasonInput(StrictInput):
    """Why a change is rejected or withdrawn."""

    reason: Reason


class ChangeBody(Strict):
    """A change with its state; `digest` is fixed when it is submitted, `preview` is the last one that was made.

    `operation` is the work that brings an approved one into force, `transaction` where it stands on chain.
    """

    id: str
    kind: Kind
    parameters: dict[str, Any]
    valid_from: str
    state: Literal["draft", "submitted", "approved", "scheduled", "rejected", "withdrawn", "failed"]
    digest: str | None
    created_at: str
    proposed_by: str
    proposed_at: str
    decided_by: str | None
    decided_at: str | None
    reason: str | None
    preview: dict[str, Any] | None
    operation: str | None
    transaction: str | None
