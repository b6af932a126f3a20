"""Routes beside the API that nobody logs in for: health, the contact for weaknesses, and the metrics' own door."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from api.context import Context
from api.health import service
from api.health.schemas import LiveBody, StatusBody
from api.instants import instant_text
from api.refusals import NotFound

YEAR_MS = 365 * 86_400_000

router = APIRouter(tags=["health"])


@router.get("/livez", operation_id="livez")
def live() -> LiveBody:
    """The process answers."""
    return LiveBody()


@router.get("/readyz", operation_id="readyz")
def ready(context: Context) -> StatusBody:
    """This server may serve: database at its revision, chain going on, index behind it by ten seconds at most."""
    return service.require_ready(context)


@router.get("/status", operation_id="get_status")
def status(context: Context) -> StatusBody:
    """How everything is that this server rests on, in words."""
    return service.read_status(context)


@router.get("/.well-known/security.txt", operation_id="get_security_txt", response_class=PlainTextResponse)
def security(context: Context) -> str:
    """Where weaknesses are reported (RFC 9116)."""
    contact = context.front.security_contact
    if contact is None:
        raise NotFound("not_found", "no contact is configured: set GETTONE_SECURITY_CONTACT")
    expires = instant_text(context.clock() // YEAR_MS * YEAR_MS + 2 * YEAR_MS)
    return f"Contact: {contact}\nExpires: {expires}\nPreferred-Languages: it, en\n"
