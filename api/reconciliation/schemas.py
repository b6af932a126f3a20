"""Bodies of reconciliations."""

from typing import Any

from api.schemas import Strict


class ReconciliationBody(Strict):
    """One comparison at a block: how many differences there were, and the report that names each of them."""

    reconciliation_id: int
    block_number: int
    started_by: str
    started_at: str
    finished_at: str
    differences: int
    report: dict[str, Any]
