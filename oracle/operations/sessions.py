"""A session that was ended here ends at the identity provider too, in every application."""

from collections.abc import Mapping
from typing import Any

from gettone.db.repositories.operations import OperationRow
from oracle.worker.job import Run


def end_session(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """End it; one that is over already stays so."""
    run.place.realm().end_session(operation.document["sid"])
    return {}
