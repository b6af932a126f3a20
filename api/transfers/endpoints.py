"""Routes of transfers (identity and API specification §5.1, §6)."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.context import Context
from api.once import OnceForEver
from api.operations.schemas import OperationBody
from api.transfers import service
from api.transfers.auth import Giver
from api.transfers.schemas import PreviewBody, PreviewIn, TransferIn

router = APIRouter(prefix="/api/v1/communities/{community}/transfers", tags=["transfers"])


@router.post("/preview", operation_id="preview_transfer")
def preview_transfer(body: PreviewIn, context: Context, access: Giver) -> PreviewBody:
    """What a transfer would do now; nothing moves."""
    return service.preview(context, access, body)


@router.post("", operation_id="transfer", status_code=202, response_model=OperationBody)
def transfer(body: TransferIn, context: Context, access: Giver, once: OnceForEver) -> JSONResponse:
    """Have a signed transfer carried to the chain, or tell of one that the own wallet sent."""
    service.check(context, access, body)
    return once.run(body, lambda connection: service.transfer(connection, context, access, body))
