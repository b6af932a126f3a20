"""Zonal prices: read by zone and range of slots, stored day by day."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, update

from gettone.db.columns import Base
from gettone.db.tables import Price
from gettone.metering.zonal_prices import KINDS

_PRICES = Base.metadata.tables[Price.__tablename__]


class StoredPrice(NamedTuple):
    """A price [10^-6 EUR/MWh] of a zone from a slot on, for `step_s`; kind actual, scenario or forecast."""

    zone: str
    slot: int
    step_s: int
    ueur_mwh: int
    kind: str


class PriceCounts(NamedTuple):
    """What became of prices that were to be stored; older are those of a weaker kind than what is there."""

    new: int = 0
    changed: int = 0
    confirmed: int = 0
    equal: int = 0
    older: int = 0


class DecidedPrices(NamedTuple):
    """Prices that are new and that replace others, and the counts of all that were looked at."""

    counts: PriceCounts
    added: list[StoredPrice]
    replaced: list[StoredPrice]


class Prices:
    """Reads and writes `prices`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, zone: str, from_slot: int, to_slot: int) -> tuple[StoredPrice, ...]:
        """The prices of a zone that begin in [from_slot, to_slot), by slot."""
        query = select(Price.zone, Price.slot, Price.step_s, Price.ueur_mwh, Price.kind).order_by(Price.slot)
        found = query.where(Price.zone == zone, Price.slot >= from_slot, Price.slot < to_slot)
        return tuple(StoredPrice(*row) for row in self._connection.execute(found))

    def last_slot(self, zone: str, before_slot: int) -> int | None:
        """The last slot of a zone before another that has a price, None if there is none."""
        query = select(func.max(Price.slot)).where(Price.zone == zone, Price.slot < before_slot)
        return self._connection.execute(query).scalar()

    def has_batches(self, from_slot: int, to_slot: int) -> bool:
        """Whether a price that begins in [from_slot, to_slot) came by a batch, and is no repetition of ours."""
        query = select(Price.slot).where(Price.slot >= from_slot, Price.slot < to_slot, Price.batch_id.is_not(None))
        return self._connection.execute(query.limit(1)).first() is not None

    def decide(self, prices: Sequence[StoredPrice]) -> DecidedPrices:
        """What is to become of prices: one replaces another of its own kind or of a weaker one, never a better one."""
        known = self._known(prices)
        added, replaced = [], []
        counts = dict.fromkeys(PriceCounts._fields, 0)
        for one in prices:
            what = _decide(known.get((one.zone, one.slot)), one)
            counts[what] += 1
            if what == "new":
                added.append(one)
            elif what in ("changed", "confirmed"):
                replaced.append(one)
        return DecidedPrices(PriceCounts(**counts), added, replaced)

    def write(self, decided: DecidedPrices, batch_id: int | None) -> None:
        """Store what was decided in the same transaction, as of a stored batch."""
        if decided.added:
            rows = [one._asdict() | {"batch_id": batch_id} for one in decided.added]
            self._connection.execute(insert(Price), rows)
        if decided.replaced:
            rows = [{f"new_{name}": value for name, value in one._asdict().items()} for one in decided.replaced]
            self._connection.execute(_REPLACE, [row | {"new_batch": batch_id} for row in rows])

    def _known(self, prices: Iterable[StoredPrice]) -> Mapping[tuple[str, int], StoredPrice]:
        found: dict[tuple[str, int], StoredPrice] = {}
        for zone in {one.zone for one in prices}:
            slots = [one.slot for one in prices if one.zone == zone]
            found |= {(one.zone, one.slot): one for one in self.read(zone, min(slots), max(slots) + 1)}
        return found


_REPLACE = (
    update(_PRICES)
    .where(_PRICES.c.zone == bindparam("new_zone"), _PRICES.c.slot == bindparam("new_slot"))
    .values(
        step_s=bindparam("new_step_s"),
        ueur_mwh=bindparam("new_ueur_mwh"),
        kind=bindparam("new_kind"),
        batch_id=bindparam("new_batch"),
    )
)


def _decide(known: StoredPrice | None, received: StoredPrice) -> str:
    if known is None:
        return "new"
    weaker = KINDS.index(received.kind) > KINDS.index(known.kind)
    if weaker:
        return "older"
    if (known.step_s, known.ueur_mwh) != (received.step_s, received.ueur_mwh):
        return "changed"
    return "equal" if known.kind == received.kind else "confirmed"
