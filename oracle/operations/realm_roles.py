"""A role that was granted here is also carried in the tokens of its holder."""

from collections.abc import Mapping
from typing import Any

from gettone.db.repositories.grants import ACTIVE, PENDING, Grants
from gettone.db.repositories.operations import OperationRow
from oracle.worker.job import Run


def carry_role(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """Give the realm role at the identity provider, then let the grant count; one that was ended meanwhile stays so."""
    document = operation.document
    run.place.realm().grant_role(document["sub"], document["realm_role"])
    with run.place.database.write() as connection:
        Grants(connection).move(document["grant_id"], PENDING, ACTIVE)
    return {}
