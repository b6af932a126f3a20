"""Reference rows, replaced as a whole by the platform, and prices."""

from datetime import UTC, datetime
from typing import TypeVar

from fastapi import Request

from api.access import Access
from api.context import ApiContext
from api.etags import require_match
from api.instants import instant_text
from api.reference import repository
from api.reference.schemas import FactorsBody, HolidaysBody, NormsBody, PriceBody, PriceParameters, PricesBody
from api.refusals import Invalid
from gettone.db.columns import SLOT_S
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.reference_rows import FACTORS, HOLIDAYS, NORMS, ReferenceRows

Body = TypeVar("Body", HolidaysBody, FactorsBody, NormsBody)
TABLES: dict[type[HolidaysBody] | type[FactorsBody] | type[NormsBody], str] = {
    HolidaysBody: HOLIDAYS,
    FactorsBody: FACTORS,
    NormsBody: NORMS,
}
MAX_DAYS = 400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read(context: ApiContext, kind: type[Body]) -> Body:
    """All rows of a reference table."""
    return kind.model_validate({"items": repository.rows(context, TABLES[kind])})


def replace(context: ApiContext, access: Access, request: Request, wanted: Body) -> Body:
    """Let the rows be those wanted; `If-Match` names what they replace."""
    kind = type(wanted)
    table = TABLES[kind]
    _require_sound(wanted)
    with context.database.write() as connection:
        stored = ReferenceRows(connection)
        before = kind.model_validate({"items": stored.all(table)})
        require_match(request, before)
        stored.replace(table, [one.model_dump() for one in wanted.items])
        after = kind.model_validate({"items": stored.all(table)})
        if after != before:
            documents = [one.model_dump(mode="json") for one in (before, after)]
            deed = Deed(access.person.name, "reference.edit", table, before=documents[0], after=documents[1])
            AuditTrail(connection).append(deed, context.clock())
    return after


def prices(context: ApiContext, asked: PriceParameters) -> PricesBody:
    """Prices of a zone; Invalid for an empty, reversed or too long range."""
    first, end = ((one - _EPOCH).total_seconds() // SLOT_S for one in (asked.start, asked.to))
    if end <= first:
        fields = (("/query/to", "range"),)
        raise Invalid("invalid", "the range is empty or reversed: from must be before to", fields=fields)
    if (asked.to - asked.start).days > MAX_DAYS:
        fields = (("/query/to", "range_too_large"),)
        raise Invalid("range_too_large", f"the range holds more than {MAX_DAYS} days: ask for parts", fields=fields)
    items = [
        PriceBody.model_validate(
            {
                "start": instant_text(one.slot * SLOT_S * 1000),
                "step_s": one.step_s,
                "ueur_mwh": one.ueur_mwh,
                "kind": one.kind,
            }
        )
        for one in repository.prices(context, asked.zone, int(first), int(end))
    ]
    return PricesBody(zone=asked.zone, items=items)


def _require_sound(wanted: HolidaysBody | FactorsBody | NormsBody) -> None:
    """A holiday is a fixed day or one by Easter, and no validity is empty or reversed."""
    for number, one in enumerate(wanted.items):
        values = one.model_dump()
        for first, last in (("valid_from", "valid_to"), ("from_year", "to_year")):
            end = values.get(last)
            if end is not None and end < (values.get(first) or 0) + (first == "valid_from"):
                raise _wrong(number, last, f"{last} does not lie after {first}")
        if isinstance(wanted, HolidaysBody):
            fixed = values["month"] is not None and values["day"] is not None
            movable = values["easter_days"] is not None
            if fixed == movable or (values["month"] is None) != (values["day"] is None):
                raise _wrong(number, "month", "a holiday is a month with a day, or days after Easter, and not both")


def _wrong(number: int, field: str, sentence: str) -> Invalid:
    return Invalid("invalid", f"row {number + 1}: {sentence}", fields=((f"/body/items/{number}/{field}", "value"),))
