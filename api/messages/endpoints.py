"""Routes of messages (identity and API specification §5.1)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.context import Context
from api.etags import with_etag
from api.messages import service
from api.messages.auth import MessageReader, MessageSender, Recipient
from api.messages.schemas import MessageBody, MessageInput
from api.once import OnceAWhile
from api.pages import Page, Pages

router = APIRouter(prefix="/api/v1/communities/{community}/messages", tags=["messages"])


@router.get("", operation_id="list_messages", response_model=Page[MessageBody])
def list_messages(
    request: Request, response: Response, context: Context, access: MessageReader, pages: Pages
) -> Response:
    """Messages of the community, the newest first."""
    return with_etag(request, service.list_messages(context, access, pages, response), headers=response.headers)


@router.post("", operation_id="send_message", status_code=201, response_model=MessageBody)
def send_message(body: MessageInput, context: Context, access: MessageSender, once: OnceAWhile) -> JSONResponse:
    """Tell all members something, or one kind of them."""
    return once.run(body, lambda connection: service.send(connection, context, access, body))


@router.post("/{message}/read", operation_id="confirm_message", status_code=204)
def confirm_message(message: str, context: Context, access: Recipient) -> Response:
    """Say that a message was read; again it changes nothing."""
    with context.database.write() as connection:
        service.confirm(connection, context, access, message)
    return Response(status_code=204)
