"""Routes of sessions (identity and API specification §5.1, F7)."""

from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.context import Context
from api.sessions import service
from api.sessions.auth import Owner, Provider
from api.sessions.schemas import SessionList

router = APIRouter(prefix="/api/v1", tags=["sessions"])


@router.get("/me/sessions", operation_id="list_sessions")
def list_sessions(context: Context, access: Owner) -> SessionList:
    """The caller's last fifty sessions, and how unusual each was when it began."""
    return service.read_sessions(context, access)


@router.delete("/me/sessions/{session}", operation_id="end_session", status_code=204)
def end_session(session: str, context: Context, access: Owner) -> Response:
    """End a session of the caller: its tokens are refused at once."""
    service.end_session(context, access, session)
    return Response(status_code=204)


_TOKEN = {"type": "object", "properties": {"logout_token": {"type": "string"}}, "required": ["logout_token"]}
_FORM = {"requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": _TOKEN}}}}


@router.post("/identity/backchannel-logout", operation_id="backchannel_logout", openapi_extra=_FORM)
async def backchannel_logout(request: Request, context: Context, _access: Provider) -> Response:
    """The provider says that a session has ended (OpenID Connect Back-Channel Logout 1.0)."""
    fields = parse_qs((await request.body()).decode("ascii", errors="replace"))
    (token,) = fields.get("logout_token", [""])[:1]
    await run_in_threadpool(service.take_logout, context, token)
    return Response(status_code=200, headers={"Cache-Control": "no-store"})
