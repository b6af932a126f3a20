"""Routes of the own account (identity and API specification §5.1)."""

from fastapi import APIRouter, Request, Response

from api.context import Context
from api.etags import with_etag
from api.me import service
from api.me.auth import MyConsents, MyProfile, Myself
from api.me.schemas import ConsentChange, ConsentList, MeBody, MePatch

router = APIRouter(prefix="/api/v1", tags=["me"])


@router.get("/me", operation_id="get_me", response_model=MeBody)
def get_me(request: Request, context: Context, access: Myself) -> Response:
    """The caller with roles and communities; the first call makes the account."""
    return with_etag(request, service.read_me(context, access))


@router.patch("/me", operation_id="change_me", response_model=MeBody)
def change_me(request: Request, context: Context, access: MyProfile, patch: MePatch) -> Response:
    """How the caller wants to be written to; names and address are changed at the identity provider (F9)."""
    return with_etag(request, service.change_me(context, access, request, patch))


@router.get("/me/consents", operation_id="list_consents", response_model=ConsentList)
def list_consents(request: Request, context: Context, access: MyConsents) -> Response:
    """Every purpose in every community of the caller, given or not."""
    return with_etag(request, service.read_consents(context, access))


@router.put("/me/consents", operation_id="change_consent", response_model=ConsentList)
def change_consent(request: Request, context: Context, access: MyConsents, change: ConsentChange) -> Response:
    """Give or withdraw one consent; withdrawing is as easy as giving."""
    return with_etag(request, service.change_consent(context, access, request, change))
