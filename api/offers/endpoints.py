"""Routes of offers and their pictures (identity and API specification §5.1)."""

import hashlib

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from api.context import Context
from api.etags import with_etag
from api.limits import read_body
from api.offers import service
from api.offers.auth import OfferReader, OfferWriter
from api.offers.pictures import MAX_BYTES
from api.offers.schemas import KindWord, OfferBody, OfferChange, OfferIn, PictureBody, PictureDigest, Side
from api.once import OnceAWhile
from api.pages import Page, Pages
from api.refusals import WrongMedia

router = APIRouter(prefix="/api/v1/communities/{community}/offers", tags=["offers"])

MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")
_PICTURE = {
    "requestBody": {
        "required": True,
        "content": {one: {"schema": {"type": "string", "format": "binary"}} for one in MEDIA_TYPES},
    }
}


@router.get("", operation_id="list_offers")
def list_offers(
    response: Response,
    context: Context,
    access: OfferReader,
    paging: Pages,
    side: Side | None = None,
    kind: KindWord | None = None,
) -> Page[OfferBody]:
    """What members offer and look for, the latest first."""
    return service.list_offers(context, access, side, kind, paging, response)


@router.post("", operation_id="write_offer", status_code=201, response_model=OfferBody)
def write_offer(body: OfferIn, context: Context, access: OfferWriter, once: OnceAWhile) -> JSONResponse:
    """Offer something, or ask for it."""
    return once.run(body, lambda connection: service.write(connection, context, access, body))


@router.get("/{offer}", operation_id="get_offer", response_model=OfferBody)
def get_offer(offer: str, request: Request, context: Context, access: OfferReader) -> Response:
    """One offer."""
    return with_etag(request, service.read_offer(context, access, offer))


@router.patch("/{offer}", operation_id="change_offer", response_model=OfferBody)
def change_offer(offer: str, body: OfferChange, request: Request, context: Context, access: OfferWriter) -> Response:
    """Change an own offer; send the ETag of what was read."""
    return with_etag(request, service.change(context, access, offer, body, request))


@router.delete("/{offer}", operation_id="delete_offer", status_code=204)
def delete_offer(offer: str, request: Request, context: Context, access: OfferWriter) -> None:
    """Take an offer away, with its pictures."""
    service.remove(context, access, offer, request)


@router.post(
    "/{offer}/pictures",
    operation_id="add_picture",
    status_code=201,
    response_model=PictureBody,
    openapi_extra=_PICTURE,
)
async def add_picture(
    offer: str, request: Request, context: Context, access: OfferWriter, once: OnceAWhile
) -> JSONResponse:
    """Add a picture of at most 2 MiB; it is decoded and written anew."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in MEDIA_TYPES:
        raise WrongMedia("media_type", "pictures are JPEG, PNG or WebP")
    content = await read_body(request, MAX_BYTES)
    digest = PictureDigest(sha256=hashlib.sha256(content).hexdigest())
    return await run_in_threadpool(
        once.run, digest, lambda connection: service.add_picture(connection, context, access, offer, content)
    )


@router.get("/{offer}/pictures/{picture}", operation_id="get_picture", response_class=Response)
def get_picture(offer: str, picture: str, context: Context, access: OfferReader) -> Response:
    """A picture as JPEG."""
    return Response(service.read_picture(context, access, offer, picture), media_type="image/jpeg")


@router.delete("/{offer}/pictures/{picture}", operation_id="delete_picture", status_code=204)
def delete_picture(offer: str, picture: str, context: Context, access: OfferWriter) -> None:
    """Take a picture away."""
    service.remove_picture(context, access, offer, picture)
