"""Members on chain: frozen and freed as administrators decided.

Each act looks at the chain first, so that it is done once however often it is begun.
"""

from collections.abc import Mapping
from typing import Any

from gettone.db.repositories.operations import OperationRow
from oracle.operations.community_acts import COMMUNITY_ADMIN
from oracle.worker.job import Run


def freeze_member(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """The community admin's key freezes a member's wallet; one that never joined has none to freeze."""
    contracts, member_id = run.place.open_contracts(operation.document["community"]), operation.document["member_id"]
    registry = contracts.members
    if registry.wallet_of(member_id) is None or registry.frozen_by(member_id) is not None:
        return {"transaction": None}
    intent = f"{operation.kind}/{operation.operation_id}"
    return {
        "transaction": run.place.send(contracts.client, COMMUNITY_ADMIN, registry.freeze(member_id), intent).tx_hash
    }


def unfreeze_member(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """The community admin's key frees it again."""
    contracts, member_id = run.place.open_contracts(operation.document["community"]), operation.document["member_id"]
    registry = contracts.members
    if registry.frozen_by(member_id) is None:
        return {"transaction": None}
    intent = f"{operation.kind}/{operation.operation_id}"
    call = registry.unfreeze(member_id)
    return {"transaction": run.place.send(contracts.client, COMMUNITY_ADMIN, call, intent).tx_hash}
