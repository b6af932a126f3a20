"""Offers of members and their pictures."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, tuple_, update

from gettone.db.tables import Offer, OfferPicture


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer or request, as the table has it; instants in unix ms."""

    offer_id: str
    community_id: int
    member_id: str
    side: str
    kind: str
    price_units: int
    title: str
    text: str
    structure_id: str | None
    created_at: int
    changed_at: int


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A picture of an offer, a JPEG."""

    picture_id: str
    offer_id: str
    member_id: str
    content: bytes
    width_px: int
    height_px: int
    created_at: int


@dataclass(frozen=True, slots=True)
class Offers:
    """Reads and writes the offers of one community."""

    connection: Connection
    community_id: int

    def add(self, row: OfferRow) -> None:
        """Store an offer."""
        self.connection.execute(insert(Offer).values(**asdict(row)))

    def find(self, offer_id: str) -> OfferRow | None:
        """An offer of the community."""
        mine = (Offer.offer_id == offer_id, Offer.community_id == self.community_id)
        row = self.connection.execute(_OFFER.where(*mine)).one_or_none()
        return None if row is None else _offer(row)

    def latest(self, side: str | None, kind: str | None, before: tuple[int, str] | None, limit: int) -> list[OfferRow]:
        """Offers, the latest first, from before (instant, id) on."""
        query = _OFFER.where(Offer.community_id == self.community_id)
        if side is not None:
            query = query.where(Offer.side == side)
        if kind is not None:
            query = query.where(Offer.kind == kind)
        if before is not None:
            query = query.where(tuple_(Offer.created_at, Offer.offer_id) < before)
        newest = query.order_by(Offer.created_at.desc(), Offer.offer_id.desc()).limit(limit)
        return [_offer(row) for row in self.connection.execute(newest)]

    def change(self, row: OfferRow) -> None:
        """Put an offer in the place of its earlier state."""
        self.connection.execute(update(Offer).where(Offer.offer_id == row.offer_id).values(**asdict(row)))

    def remove(self, offer_id: str) -> None:
        """Delete an offer with its pictures."""
        self.connection.execute(delete(OfferPicture).where(OfferPicture.offer_id == offer_id))
        self.connection.execute(delete(Offer).where(Offer.offer_id == offer_id))

    def add_picture(self, row: PictureRow) -> None:
        """Store a picture."""
        self.connection.execute(insert(OfferPicture).values(**asdict(row)))

    def pictures(self, offer_ids: list[str]) -> dict[str, list[str]]:
        """Ids of pictures by offer, the oldest first."""
        query = select(OfferPicture.offer_id, OfferPicture.picture_id).where(OfferPicture.offer_id.in_(offer_ids))
        found: dict[str, list[str]] = {}
        for offer_id, picture_id in self.connection.execute(
            query.order_by(OfferPicture.created_at, OfferPicture.picture_id)
        ):
            found.setdefault(offer_id, []).append(picture_id)
        return found

    def picture_count(self, offer_id: str) -> int:
        """How many pictures an offer has."""
        query = select(func.count()).select_from(OfferPicture).where(OfferPicture.offer_id == offer_id)
        return self.connection.execute(query).scalar_one()

    def picture(self, offer_id: str, picture_id: str) -> bytes | None:
        """The JPEG of a picture."""
        mine = (OfferPicture.offer_id == offer_id, OfferPicture.picture_id == picture_id)
        found = self.connection.execute(select(OfferPicture.content).where(*mine)).scalar()
        return None if found is None else bytes(found)

    def remove_picture(self, offer_id: str, picture_id: str) -> None:
        """Delete a picture."""
        mine = (OfferPicture.offer_id == offer_id, OfferPicture.picture_id == picture_id)
        self.connection.execute(delete(OfferPicture).where(*mine))


_OFFER: Select[*tuple[Any, ...]] = select(*Offer.__table__.columns)


def _offer(row: Row[Any]) -> OfferRow:
    return OfferRow(**dict(row._mapping))
