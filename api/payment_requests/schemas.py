"""Bodies of payment requests."""

from typing import Annotated, Literal

from pydantic import Field

from api.schemas import Address, Line, MemberId, Strict, StrictInput, Units, UnitsIn


class PaymentRequestIn(StrictInput):
    """Ask a member for base units, with a few words of what for."""

    payer: Annotated[MemberId, Field(alias="from")]
    units: UnitsIn
    text: Line | None = None


class PaymentRequestBody(Strict):
    """A request; `pay_to` is the address that receives for who asked, once the payer accepted."""

    id: str
    asker: MemberId
    payer: MemberId
    units: Units
    text: str | None
    state: Literal["open", "accepted", "refused"]
    pay_to: Address | None
    created_at: str
    answered_at: str | None
