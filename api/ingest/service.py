"""Taking readings and files: checked as far as their frame goes, then received for good and left to the worker."""

import json
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from api.access import Access
from api.context import ApiContext
from api.ingest.repository import IngestRepository
from api.ingest.schemas import (
    MAX_VALUES,
    AcceptedBody,
    ReadingsBody,
    ReceiptBody,
)
from api.limits import refuse_full_disk
from api.problems import pointer_of
from api.refusals import Invalid, Limited, Malformed, NotFound, NotPermitted, TooLarge
from gettone.errors import Conflict
from gettone.intake_port import Receipt
from gettone.metering.messages import line_of

MAX_WAITING = 1_000
RETRY_AFTER_S = 30


def refuse_when_busy(context: ApiContext) -> None:
    """StorageFull when the disk is nearly full, Limited while too many batches wait."""
    refuse_full_disk(context.folder)
    with context.database.read() as connection:
        waiting = IngestRepository(connection).waiting()
    if waiting > MAX_WAITING:
        raise Limited(f"{waiting} batches wait for the worker: try again in {RETRY_AFTER_S} s", RETRY_AFTER_S)


def take_readings(context: ApiContext, access: Access, body: bytes) -> AcceptedBody:
    """Receive the readings of a device as one batch of its flow; a machine names a device of its communities.

    Malformed for a body that is no JSON object, Invalid for a wrong field, TooLarge above 10,000 values,
    NotPermitted for another device or one without a flow that takes requests.
    """
    document = _object(body)
    device_id = _writing_device(context, access, _checked(document).device)
    with context.database.read() as connection:
        flows = IngestRepository(connection).request_flows(device_id)
    if len(flows) != 1:
        raise NotPermitted(
            "not_permitted",
            f"device {device_id} belongs to {len(flows)} flows that take requests: it needs exactly one",
        )
    line = line_of(device_id, document, body) + b"\n"
    return _accepted(context.intake.receive(flows[0], line, received_at_ms=context.clock()))


def _writing_device(context: ApiContext, access: Access, named: int | None) -> int:
    """The device that readings are of: that of the key, or the one a machine names."""
    own = access.person.device_id
    if own is not None:
        if named not in (None, own):
            raise NotPermitted("not_permitted", f"the key belongs to device {own}, not to device {named}")
        return own
    if named is None:
        raise Invalid("invalid", "say whose readings these are", fields=(("/device", "missing"),))
    with context.database.read() as connection:
        if not IngestRepository(connection).is_held(named, access.community_ids):
            raise NotFound("not_found", f"there is no device {named} here")
    return named


def take_file(context: ApiContext, access: Access, flow: str, path: Path) -> AcceptedBody:
    """Receive an uploaded file as a batch of a flow that concerns the reader's community."""
    _refuse_foreign_flow(context, access, flow)
    refuse_own_devices(context, access, flow, path)
    return _accepted(context.intake.receive(flow, path, received_at_ms=context.clock()))


def try_file(context: ApiContext, access: Access, flow: str, path: Path) -> dict[str, Any]:
    """Judge an uploaded file and store nothing."""
    _refuse_foreign_flow(context, access, flow)
    return dict(context.dry_run(flow, path, context.clock()))


def refuse_own_devices(context: ApiContext, access: Access, flow: str, path: Path) -> None:
    """Conflict `self_import` for a file with readings of a device that the person who sends it holds or held."""
    mine = tuple(one.member_id for one in access.person.rights if one.member_id is not None)
    if not mine:
        return
    named = context.named_devices(flow, path)
    with context.database.read() as connection:
        if IngestRepository(connection).held_by(mine, named):
            raise Conflict("self_import", "the file has readings of your own device: another person imports them")


def _object(body: bytes) -> dict[str, Any]:
    try:
        # Numbers are only counted here: the rules read their digits from the bytes as received.
        document = json.loads(body, parse_float=str, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Malformed("malformed", "the body is no JSON: send one object in UTF-8, with finite numbers") from None
    if not isinstance(document, dict):
        raise Malformed("malformed", "the body is no JSON object")
    return document


def _checked(document: dict[str, Any]) -> ReadingsBody:
    values = document.get("values")
    if isinstance(values, list) and len(values) > MAX_VALUES:
        raise TooLarge("too_large", f"{len(values)} values, more than {MAX_VALUES} in one request: split it")
    try:
        checked = ReadingsBody.model_validate(document)
    except ValidationError as failure:
        errors = failure.errors(include_input=False, include_url=False)
        fields = tuple((pointer_of(one["loc"]), one["type"]) for one in errors)
        detail = "; ".join(f"{pointer_of(one['loc'])}: {one['msg']}" for one in errors)
        raise Invalid("invalid", f"wrong fields: {detail}", fields=fields) from None
    register = checked.kind == "register"
    missing = [name for name, value in (("from", checked.start), ("step", checked.step)) if value is None]
    missing = (["times"] if checked.times is None else []) if register else missing
    if missing:
        fields = tuple((f"/{name}", "missing") for name in missing)
        raise Invalid("invalid", f"values of kind {checked.kind} need {' and '.join(missing)}", fields=fields)
    return checked


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse_foreign_flow(context: ApiContext, access: Access, flow: str) -> None:
    with context.database.read() as connection:
        if not IngestRepository(connection).feeds(flow, access.community_ids):
            raise NotFound("not_found", f"there is no flow {flow!r} here")


def _accepted(receipt: Receipt) -> AcceptedBody:
    proof = ReceiptBody(sha256=receipt.sha256.hex(), leaf_index=receipt.leaf_index, leaf_hash=receipt.leaf_hash.hex())
    return AcceptedBody(batch_id=receipt.batch_id, state="received", receipt=proof)
