"""Bodies of long work."""

from typing import Any, Literal

from api.schemas import Strict


class OperationBody(Strict):
    """Long work: how far it is, and what came of it; `result` of a refusal has its `code` and `detail`."""

    id: str
    kind: str
    state: Literal["waiting", "running", "held", "done", "failed"]
    progress_permille: int
    result: dict[str, Any] | None
    created_at: str
    finished_at: str | None
