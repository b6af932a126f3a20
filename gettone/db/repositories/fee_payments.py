"""Yearly fees in euro that were paid outside and recorded here."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, select

from gettone.db.tables import FeePayment
from gettone.errors import Conflict
from gettone.row_ids import fresh_id


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment for a calendar year [euro cents]; `reference` is that of the bank."""

    payment_id: str
    year: int
    amount_cents: int
    paid_on: date
    reference: str
    recorded_by: str
    recorded_at: int


class FeePayments:
    """Reads and writes `fee_payments`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_member(self, member_id: str) -> list[PaymentRow]:
        """The payments of a member, by year and time of recording."""
        query = select(
            FeePayment.payment_id,
            FeePayment.year,
            FeePayment.amount_cents,
            FeePayment.paid_on,
            FeePayment.reference,
            FeePayment.recorded_by,
            FeePayment.recorded_at,
        ).where(FeePayment.member_id == member_id)
        rows = self._connection.execute(query.order_by(FeePayment.year, FeePayment.recorded_at))
        return [PaymentRow(row[0], row[1], row[2], date.fromisoformat(row[3]), *row[4:]) for row in rows]

    def add(self, community_id: int, member_id: str, payment: PaymentRow) -> None:
        """Record a payment; Conflict `reference_used` for one whose reference was recorded before."""
        known = select(FeePayment.payment_id).where(
            FeePayment.community_id == community_id, FeePayment.reference == payment.reference
        )
        if self._connection.execute(known).scalar() is not None:
            raise Conflict("reference_used", "a payment with this reference is recorded already: see the bank's list")
        values = {name: getattr(payment, name) for name in PaymentRow.__slots__}
        values |= {"community_id": community_id, "member_id": member_id, "paid_on": payment.paid_on.isoformat()}
        self._connection.execute(insert(FeePayment).values(**values))


def new_payment(year: int, amount_cents: int, paid_on: date, reference: str, by: str, now_ms: int) -> PaymentRow:
    """A payment under a fresh id."""
    return PaymentRow(fresh_id("fee"), year, amount_cents, paid_on, reference, by, now_ms)
