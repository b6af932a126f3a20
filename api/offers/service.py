"""Offers: written by members, changed by them alone, taken away by them or the administrator."""

import base64
import secrets
from dataclasses import replace

from fastapi import Request, Response
from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.etags import require_match
from api.instants import instant_text
from api.offers.pictures import written_anew
from api.offers.repository import OfferRepository
from api.offers.schemas import KindWord, OfferBody, OfferChange, OfferIn, PictureBody, Side
from api.once import Answer
from api.pages import Page, Paging
from api.refusals import Invalid, NotFound, NotPermitted
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.offers import OfferRow, PictureRow
from gettone.errors import Conflict

MAX_PICTURES = 8


def list_offers(
    context: ApiContext, access: Access, side: Side | None, kind: KindWord | None, paging: Paging, response: Response
) -> Page[OfferBody]:
    """Offers of the community, the latest first."""
    before = None if paging.after is None else (int(paging.after[0]), str(paging.after[1]))
    with context.database.read() as connection:
        repository = OfferRepository(connection, access.where.community_id)
        rows = repository.latest(side, kind, before, paging.fetch)
        pictures = repository.pictures([row.offer_id for row in rows])
    items = [body_of(row, pictures.get(row.offer_id, [])) for row in rows]
    return paging.page(response, items, [(row.created_at, row.offer_id) for row in rows])


def read_offer(context: ApiContext, access: Access, offer: str) -> OfferBody:
    """One offer."""
    with context.database.read() as connection:
        return _shown(OfferRepository(connection, access.where.community_id), offer)


def write(connection: Connection, context: ApiContext, access: Access, body: OfferIn) -> Answer:
    """Write an offer or request; Invalid for a structure that no stakeholder of the community owns."""
    repository, own = OfferRepository(connection, access.where.community_id), access.own_member_id
    if own is None:
        raise NotPermitted("not_permitted", "members offer: an administrator only takes offers away")
    if body.structure is not None and not repository.is_structure(body.structure):
        fields = (("/body/structure", "structure"),)
        raise Invalid("invalid", "the structure must be of a stakeholder of this community", fields=fields)
    now_ms = context.clock()
    row = OfferRow(
        _new_id("of_"),
        access.where.community_id,
        own,
        body.side,
        body.kind,
        int(body.price_units),
        body.title,
        body.text,
        body.structure,
        now_ms,
        now_ms,
    )
    repository.add(row)
    _note(connection, context, access, row.offer_id, "offer.write")
    place = f"/api/v1/communities/{access.where.slug}/offers/{row.offer_id}"
    return Answer(201, body_of(row, []).model_dump(mode="json"), {"Location": place})


def change(context: ApiContext, access: Access, offer: str, body: OfferChange, request: Request) -> OfferBody:
    """Change an own offer, as it was read."""
    with context.database.write() as connection:
        repository = OfferRepository(connection, access.where.community_id)
        row = _own(repository, access, offer)
        require_match(request, _shown(repository, offer))
        given = body.model_dump(exclude_none=True)
        if "price_units" in given:
            given["price_units"] = int(given["price_units"])
        repository.change(replace(row, **given, changed_at=max(context.clock(), row.changed_at + 1)))
        _note(connection, context, access, offer, "offer.change")
        return _shown(repository, offer)


def remove(context: ApiContext, access: Access, offer: str, request: Request) -> None:
    """Take an offer away, with its pictures."""
    with context.database.write() as connection:
        repository = OfferRepository(connection, access.where.community_id)
        _own(repository, access, offer, or_administrator=True)
        require_match(request, _shown(repository, offer))
        repository.remove(offer)
        _note(connection, context, access, offer, "offer.remove")


def add_picture(connection: Connection, context: ApiContext, access: Access, offer: str, content: bytes) -> Answer:
    """Add a picture to an own offer, written anew; Conflict `too_many` above eight."""
    repository = OfferRepository(connection, access.where.community_id)
    row = _own(repository, access, offer)
    if repository.picture_count(offer) >= MAX_PICTURES:
        raise Conflict("too_many", f"an offer has at most {MAX_PICTURES} pictures: take one away first")
    written, width_px, height_px = written_anew(content)
    picture = PictureRow(_new_id("pic_"), offer, row.member_id, written, width_px, height_px, context.clock())
    repository.add_picture(picture)
    place = f"/api/v1/communities/{access.where.slug}/offers/{offer}/pictures/{picture.picture_id}"
    shown = PictureBody(id=picture.picture_id, width_px=width_px, height_px=height_px)
    return Answer(201, shown.model_dump(mode="json"), {"Location": place})


def read_picture(context: ApiContext, access: Access, offer: str, picture: str) -> bytes:
    """The JPEG of a picture."""
    with context.database.read() as connection:
        repository = OfferRepository(connection, access.where.community_id)
        found = repository.picture(offer, picture) if repository.find(offer) is not None else None
    if found is None:
        raise NotFound("not_found", "there is no such picture")
    return found


def remove_picture(context: ApiContext, access: Access, offer: str, picture: str) -> None:
    """Take a picture away; one that is gone already stays gone."""
    with context.database.write() as connection:
        repository = OfferRepository(connection, access.where.community_id)
        _own(repository, access, offer, or_administrator=True)
        repository.remove_picture(offer, picture)


def body_of(row: OfferRow, pictures: list[str]) -> OfferBody:
    """An offer as everybody in the community sees it."""
    return OfferBody.model_validate(
        {
            "id": row.offer_id,
            "member_id": row.member_id,
            "side": row.side,
            "kind": row.kind,
            "price_units": row.price_units,
            "title": row.title,
            "text": row.text,
            "structure": row.structure_id,
            "pictures": pictures,
            "created_at": instant_text(row.created_at),
            "changed_at": instant_text(row.changed_at),
        }
    )


def _shown(repository: OfferRepository, offer: str) -> OfferBody:
    row = repository.find(offer)
    if row is None:
        raise NotFound("not_found", "there is no such offer")
    return body_of(row, repository.pictures([offer]).get(offer, []))


def _own(repository: OfferRepository, access: Access, offer: str, or_administrator: bool = False) -> OfferRow:
    row = repository.find(offer)
    if row is None:
        raise NotFound("not_found", "there is no such offer")
    if row.member_id != access.own_member_id and not (or_administrator and access.sees_everybody):
        raise NotPermitted("not_permitted", "this offer is another member's")
    return row


def _new_id(prefix: str) -> str:
    return prefix + base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def _note(connection: Connection, context: ApiContext, access: Access, offer: str, action: str) -> None:
    AuditTrail(connection).append(Deed(access.person.name, action, offer, access.where.community_id), context.clock())
