"""The route of events (identity and API specification §5.1)."""

from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.responses import StreamingResponse

from api.context import Context
from api.events import service
from api.events.auth import Listener

router = APIRouter(prefix="/api/v1", tags=["events"])

_STREAM = {"responses": {"200": {"content": {"text/event-stream": {"schema": {"type": "string"}}}}}}


@router.get("/events", operation_id="listen", response_class=Response, openapi_extra=_STREAM)
def listen(
    context: Context,
    access: Listener,
    last_event_id: Annotated[str | None, Header(max_length=8192)] = None,
) -> StreamingResponse:
    """Own movements, balances, agreements and operations as they happen; `Last-Event-ID` goes on where it broke.

    Events: `transfer.indexed`, `balance.changed`, `agreement.state`, `operation.state`.
    """
    marks = service.begin(context, access, last_event_id)
    stream = service.stream(context, access, marks)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
