"""A refused row that a person mended: its correction is merged as a batch of its own, and the row is closed."""

from collections.abc import Mapping
from typing import Any

from gettone.db.repositories.operations import OperationRow
from oracle.intake import open_intake
from oracle.rejects import finish_correction
from oracle.worker.job import Run


def correct_row(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """Merge the correction; the row is `fixed` once it, or the same content before it, is done."""
    document, place = operation.document, run.place
    intake = open_intake(place.database, place.vault(), place.settings.lake_dir)
    outcome = finish_correction(
        intake, document["batch_id"], {document["row_no"]}, document["correction"], now_ms=place.clock()
    )
    return {"batch_id": outcome.batch_id, "state": outcome.state, "codes": dict(outcome.codes)}
