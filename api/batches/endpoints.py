"""Routes of batches (identity and API specification §5.1, metering specification §3.1)."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from api.batches import repository, service
from api.batches.auth import Correcting, Managing, Reading
from api.batches.schemas import BatchBody, ReasonInput, RejectBody, RejectChange, State
from api.batches.service import Act
from api.context import Context
from api.once import in_one_transaction
from api.operations.schemas import OperationBody
from api.pages import Page, Pages
from api.schemas import RowId

router = APIRouter(prefix="/api/v1/batches", tags=["batches"])


@router.get("", operation_id="list_batches")
def list_batches(
    response: Response,
    context: Context,
    access: Reading,
    paging: Pages,
    state: State | None = None,
    flow: Annotated[str | None, Query(max_length=64)] = None,
) -> Page[BatchBody]:
    """Batches of the caller's communities, the newest first."""
    before = None if paging.after is None else int(paging.after[0])
    wanted = repository.Filter(state, flow)
    rows = repository.page(context, access.community_ids, wanted, before, paging.fetch)
    return paging.page(response, [service.body_of(one) for one in rows], [(one.batch_id,) for one in rows])


@router.get("/{batch_id}", operation_id="get_batch")
def get_batch(batch_id: RowId, context: Context, access: Reading) -> BatchBody:
    """What became of a batch."""
    return service.find(context, access, batch_id)


@router.get("/{batch_id}/rejects", operation_id="list_rejects")
def list_rejects(
    batch_id: RowId, response: Response, context: Context, access: Reading, paging: Pages
) -> Page[RejectBody]:
    """The refused rows of a batch, by row number."""
    after = 0 if paging.after is None else int(paging.after[0])
    rows = service.rejects(context, access, batch_id, after, paging.fetch)
    return paging.page(response, rows, [(one.row_no,) for one in rows])


@router.patch(
    "/{batch_id}/rejects/{row}",
    operation_id="change_reject",
    status_code=202,
    response_model=OperationBody,
    responses={200: {"model": RejectBody}},
)
def change_reject(
    batch_id: RowId, row: RowId, context: Context, access: Correcting, body: RejectChange
) -> JSONResponse:
    """Mend a refused row, which is merged as a batch of its own, or leave it refused for good."""
    if body.accept:
        return in_one_transaction(
            context, lambda connection: service.accept(Act(connection, context, access, batch_id), row)
        )
    answer = service.correct(context, access, batch_id, row, body)
    return JSONResponse(answer.document, answer.status, headers=dict(answer.headers))


@router.post("/{batch_id}/replay", operation_id="replay_batch", response_model=BatchBody)
def replay_batch(batch_id: RowId, context: Context, access: Managing, body: ReasonInput) -> JSONResponse:
    """Let a parked, failed or dead batch run again."""
    return in_one_transaction(
        context, lambda connection: service.replay(Act(connection, context, access, batch_id), body.reason)
    )


@router.post("/{batch_id}/dismiss", operation_id="dismiss_batch", response_model=BatchBody)
def dismiss_batch(batch_id: RowId, context: Context, access: Managing, body: ReasonInput) -> JSONResponse:
    """Give up a dead batch: one person proposes, another one agrees."""
    return in_one_transaction(
        context, lambda connection: service.dismiss(Act(connection, context, access, batch_id), body.reason)
    )
