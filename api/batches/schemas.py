"""Bodies of batches."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from api.schemas import Reason, Strict, StrictInput

State = Literal["received", "parsing", "duplicate", "done", "rejected", "parked", "retry", "dead", "dismissed"]
Cell = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class BatchBody(BaseModel):
    """A batch and what became of it; counters as in law 2, codes as the rules spoke.

    `derived_from` is the batch whose rows it repeats or corrects; `dismissal` is what one person proposed, or two
    decided, about a batch that failed for good.
    """

    batch_id: int
    flow: str
    state: str
    received_at: str
    bytes: int
    sha256: str | None
    counters: dict[str, int]
    report: dict[str, Any]
    derived_from: int | None
    dismissal: "DismissalBody | None"


class DismissalBody(Strict):
    """Who gives a batch up, why, and who agreed; null while another person has to."""

    proposed_by: str
    reason: str
    approved_by: str | None


class RejectBody(BaseModel):
    """A refused row by its number in the source; what it said stays sealed."""

    row_no: int
    code: str
    field: str | None
    state: str


class RejectChange(StrictInput):
    """What is done about a refused row: one of the three.

    `cells`: the row as it should have been, by the names of the source's columns, of a flow whose files have columns.
    `content`: a payload of the flow that holds the row.  `accept`: it stays refused, and nobody is asked again.
    """

    cells: Annotated[dict[Cell, Cell], Field(min_length=1, max_length=100)] | None = None
    content: Annotated[str, StringConstraints(min_length=1, max_length=65_536)] | None = None
    accept: Literal[True] | None = None

    @model_validator(mode="after")
    def one_of_three(self) -> "RejectChange":
        """ValueError unless exactly one is said."""
        if sum(one is not None for one in (self.cells, self.content, self.accept)) != 1:
            raise ValueError("say one of cells, content and accept")
        return self


class ReasonInput(StrictInput):
    """Why something is done."""

    reason: Reason
