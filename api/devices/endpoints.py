"""Routes of devices (identity and API specification §5.1)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Connection

from api.context import Context
from api.devices import repository, service
from api.devices.auth import Managing, Reading
from api.devices.registering import Act, assign
from api.devices.schemas import (
    AssignmentInput,
    DeviceBody,
    DeviceChange,
    DeviceInput,
    ImportBody,
    ImportInput,
    KeyBody,
    KeyInput,
    MeterChangeInput,
)
from api.devices.tables import import_table
from api.etags import require_match, with_etag
from api.once import Answer, OnceAWhile
from api.pages import Page, Pages
from api.schemas import RowId

router = APIRouter(prefix="/api/v1/communities/{community}/devices", tags=["devices"])


@router.get("", operation_id="list_devices", response_model=Page[DeviceBody])
def list_devices(
    community: str, request: Request, response: Response, context: Context, access: Reading, paging: Pages
) -> Response:
    """The devices of a community; members see the own ones."""
    after = None if paging.after is None else int(paging.after[0])
    rows = repository.page(context, access, after, paging.fetch)
    page = paging.page(response, [service.body_of(one) for one in rows], [(one.device_id,) for one in rows])
    return with_etag(request, page, headers=response.headers)


@router.post("", operation_id="register_device", status_code=201, response_model=DeviceBody)
def register_device(
    community: str, context: Context, access: Managing, once: OnceAWhile, body: DeviceInput
) -> JSONResponse:
    """Register a device with its channels, powers and holder; 409 `device_taken` while somebody holds it."""
    return once.run(body, lambda connection: service.add(Act(connection, context, access), body))


@router.post("/import", operation_id="import_devices", response_model=ImportBody)
def import_devices(
    community: str, context: Context, access: Managing, once: OnceAWhile, body: ImportInput
) -> JSONResponse:
    """Register a table of devices, or with `dry_run` only judge it; one wrong row changes nothing."""
    return once.run(body, lambda connection: import_table(Act(connection, context, access), body))


@router.get("/{device}", operation_id="get_device", response_model=DeviceBody)
def get_device(community: str, device: RowId, request: Request, context: Context, access: Reading) -> Response:
    """A device with its channels, holders, powers, replaced meters and keys."""
    return with_etag(request, service.find(context, access, device))


@router.patch("/{device}", operation_id="change_device", response_model=DeviceBody)
def change_device(
    community: str, device: RowId, request: Request, context: Context, access: Managing, body: DeviceChange
) -> Response:
    """Change what is registered of a device; `If-Match` names the state that is changed."""
    with context.database.write() as connection:
        act = Act(connection, context, access)
        before = service.current(act, device)
        require_match(request, service.body_of(before))
        service.change(act, before, body)
        after = service.body_of(service.current(act, device))
    return with_etag(request, after)


@router.delete("/{device}", operation_id="retire_device", status_code=204)
def retire_device(community: str, device: RowId, request: Request, context: Context, access: Managing) -> None:
    """Take a device out of use: its holding and its keys end now, its readings stay."""
    with context.database.write() as connection:
        act = Act(connection, context, access)
        before = service.current(act, device)
        require_match(request, service.body_of(before))
        service.retire(act, before)


@router.post("/{device}/assignments", operation_id="assign_device", status_code=201, response_model=DeviceBody)
def assign_device(
    community: str, device: RowId, context: Context, access: Managing, once: OnceAWhile, body: AssignmentInput
) -> JSONResponse:
    """Have a member hold a device from a local day on; who held it here until then does so no more."""

    def work(connection: Connection) -> Answer:
        act = Act(connection, context, access)
        service.current(act, device)
        assign(act, device, body)
        return service.answer(act, device)

    return once.run(body, work)


@router.post("/{device}/meter-changes", operation_id="replace_meter", status_code=201, response_model=DeviceBody)
def replace_meter(
    community: str, device: RowId, context: Context, access: Managing, once: OnceAWhile, body: MeterChangeInput
) -> JSONResponse:
    """State that a meter was replaced, with its last register and the first of the new one."""
    return once.run(body, lambda connection: service.replace_meter(Act(connection, context, access), device, body))


@router.post("/{device}/keys", operation_id="issue_device_key", status_code=201, response_model=KeyBody)
def issue_device_key(
    community: str, device: RowId, context: Context, access: Managing, once: OnceAWhile, body: KeyInput
) -> JSONResponse:
    """A new key that may write this device's readings; it is shown in the first answer alone."""
    return once.run(body, lambda connection: service.issue_key(Act(connection, context, access), device, body))


@router.delete("/{device}/keys/{key}", operation_id="revoke_device_key", status_code=204)
def revoke_device_key(community: str, device: RowId, key: RowId, context: Context, access: Managing) -> None:
    """End a key of a device now."""
    with context.database.write() as connection:
        service.revoke_key(Act(connection, context, access), device, key)
