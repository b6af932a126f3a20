"""Routes of long work (identity and API specification §5.1)."""

from typing import Annotated

from fastapi import APIRouter, Header, Response

from api.context import Context
from api.operations import repository, service
from api.operations.auth import Asking
from api.operations.schemas import OperationBody
from api.pages import Page, Pages

router = APIRouter(prefix="/api/v1", tags=["operations"])


@router.get("/operations", operation_id="list_operations")
def list_operations(response: Response, context: Context, access: Asking, paging: Pages) -> Page[OperationBody]:
    """The caller's operations, the newest first."""
    after = None if paging.after is None else (int(paging.after[0]), str(paging.after[1]))
    rows = repository.newest(context, repository.asker_of(access.person), after, paging.fetch)
    keys = [(row.created_at, row.operation_id) for row in rows]
    return paging.page(response, [service.body_of(row) for row in rows], keys)


@router.get("/operations/{operation}", operation_id="get_operation")
def get_operation(
    operation: str,
    context: Context,
    access: Asking,
    prefer: Annotated[str | None, Header(max_length=100)] = None,
) -> OperationBody:
    """One operation of the caller; with `Prefer: wait=10` the answer waits until it has ended."""
    return service.find(context, access, operation, service.waits_s(prefer))
