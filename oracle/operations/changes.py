"""Changes of rules that were asked for through the API: tried on a past period, and brought into force."""

from collections.abc import Mapping
from typing import Any

from gettone.chain.rule_calls import SIGNERS, scheduling_call
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.gates import Gates
from gettone.db.repositories.operations import OperationRow
from gettone.db.repositories.rule_changes import ChangeRow, ChangeState, RuleChanges
from gettone.errors import Conflict, GettoneError, Held, Unreachable
from gettone.rule_changes import ChangeKind, rule_of
from oracle.settle.context import PeriodContext
from oracle.settle.preview import preview_change
from oracle.worker.job import Run

SCHEDULED_KEY = "change"


def preview_asked_change(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """Compute a change on a past period and keep the result with it; nothing else is stored."""
    row = _found(run, operation)
    place = run.place
    context = PeriodContext(place.database, place.vault(), place.open_contracts(run.community))
    found = preview_change(context, run.community, operation.document["period"], row.kind, row.parameters)
    with place.database.write() as connection:
        RuleChanges(connection, row.community_id).keep_preview(row.change_id, found)
    return found


def schedule_change(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """Bring an approved change into force from its start on; what the chain refuses ends it with the reason."""
    row = _found(run, operation)
    if row.state is ChangeState.SCHEDULED:
        return _result(row.tx_hash)
    if row.state is not ChangeState.APPROVED:
        raise Conflict("state", f"the change is {row.state}: only an approved one is scheduled")
    try:
        tx_hash = _take_effect(run, row)
    except (Held, Unreachable):
        raise
    except GettoneError as refusal:
        with run.place.database.write() as connection:
            RuleChanges(connection, row.community_id).fail(row.change_id, refusal.message)
        raise
    with run.place.database.write() as connection:
        RuleChanges(connection, row.community_id).schedule(row.change_id, tx_hash)
    return _result(tx_hash)


def _take_effect(run: Run, row: ChangeRow) -> bytes | None:
    place = run.place
    if row.kind is ChangeKind.SETTINGS:
        rules, now_s = rule_of(row.kind, row.parameters), place.clock() // 1000
        with place.database.write() as connection:
            gates, person = Gates(connection), row.decided_by or ""
            gates.set_rules(row.community_id, rules, valid_from_s=row.valid_from_s, now_s=now_s, set_by=person)
        return None
    contracts = place.open_contracts(run.community)
    call = scheduling_call(contracts, row.kind, row.parameters, row.valid_from_s)
    # The intent names the change, so that it is scheduled once however often this is begun.
    signer = SIGNERS[row.kind].name.lower()
    receipt = place.send(contracts.client, signer, call, f"{SCHEDULED_KEY}/{row.change_id}")
    return bytes.fromhex(receipt.tx_hash.removeprefix("0x"))


def _found(run: Run, operation: OperationRow) -> ChangeRow:
    with run.place.database.read() as connection:
        community_id = Communities(connection).get(run.community).community_id
        row = RuleChanges(connection, community_id).find(operation.document["change"])
    if row is None:
        raise Conflict("state", "the change was deleted meanwhile")
    return row


def _result(tx_hash: bytes | None) -> Mapping[str, Any]:
    return {"transaction": None if tx_hash is None else "0x" + tx_hash.hex()}
