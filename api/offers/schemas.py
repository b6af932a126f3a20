"""Bodies of offers; `price_units` are base units as decimal text."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from api.schemas import Line, MemberId, Strict, StrictInput, Units, UnitsIn

Side = Literal["offer", "request"]
KindWord = Literal["service", "sale", "loan", "space", "community", "new_goods"]
Words = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


class OfferIn(StrictInput):
    """What a member offers or looks for; `structure` is the stakeholder who lends a place."""

    side: Side
    kind: KindWord
    price_units: UnitsIn
    title: Line
    text: Words = ""
    structure: MemberId | None = None


class OfferChange(StrictInput):
    """What changes of an offer."""

    price_units: UnitsIn | None = None
    title: Line | None = None
    text: Words | None = None


class OfferBody(Strict):
    """An offer or request with its pictures by id."""

    id: str
    member_id: MemberId
    side: Side
    kind: KindWord
    price_units: Units
    title: str
    text: str
    structure: MemberId | None
    pictures: list[str]
    created_at: str
    changed_at: str


class PictureBody(Strict):
    """A picture that was taken and written anew."""

    id: str
    width_px: int
    height_px: int


class PictureDigest(StrictInput):
    """What makes an upload the same one: its bytes."""

    sha256: str
