"""Reading a series: only what the reader's community held, at most a million points."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import numpy as np

from api.access import Access
from api.context import ApiContext
from api.refusals import Invalid, NotFound
from api.series.repository import SeriesRepository
from api.series.schemas import Series, SeriesParameters, SeriesQuery
from gettone.metering.calendar.resample import SLOT_S, Span, resample

MAX_POINTS = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def checked_query(channel_id: int, asked: SeriesParameters) -> SeriesQuery:
    """The question of a request; Invalid for an unknown zone, an empty or reversed range, one off the slots."""
    bounds = {"from": _slots_of(asked.start), "to": _slots_of(asked.to)}
    wrong = [name for name, (_slot, rest) in bounds.items() if rest]
    if wrong:
        fields = tuple((f"/query/{name}", "misaligned") for name in wrong)
        raise Invalid("invalid", f"{' and '.join(wrong)} must lie on a quarter of an hour", fields=fields)
    if bounds["from"] >= bounds["to"]:
        fields = (("/query/to", "range"),)
        raise Invalid("invalid", "the range is empty or reversed: from must be before to", fields=fields)
    zone = _zone(asked.tz)
    return SeriesQuery(channel_id, bounds["from"][0], bounds["to"][0], asked.resolution, asked.agg, zone)


def _slots_of(instant: datetime) -> tuple[int, timedelta]:
    """The slot that holds an instant, and how far into it the instant lies."""
    return divmod(instant - _EPOCH, timedelta(seconds=SLOT_S))


def read_series(context: ApiContext, access: Access, query: SeriesQuery) -> Series:
    """The readings of a channel while somebody held its device whom the rights reach; NotFound where none did.

    Invalid `range_too_large` above a million native intervals.
    """
    with context.database.read() as connection:
        repository = SeriesRepository(connection)
        channel = repository.channel(query.channel_id)
        held = [] if channel is None else repository.held(channel[0], access.rights)
        if channel is None or not held:
            raise NotFound("not_found", f"there is no channel {query.channel_id} here")
        _device_id, direction, step_s = channel
        _refuse_too_large(query, step_s)
        wh, quality = repository.readings(query.channel_id, query.from_slot, query.to_slot)
    slots = np.arange(query.from_slot, query.to_slot)
    ours = np.zeros(len(slots), bool)
    for first, end in held:
        ours |= (slots >= first) & ((end is None) | (slots < (end or 0)))
    visible = np.where(ours, quality, 0).astype(np.int8)
    span = Span(query.from_slot, step_s)
    buckets = resample(wh, visible, span, query.resolution, query.aggregate, query.zone)
    return Series(query, direction, step_s, buckets)


def _refuse_too_large(query: SeriesQuery, step_s: int) -> None:
    points = (query.to_slot - query.from_slot) * SLOT_S // step_s
    if points > MAX_POINTS:
        raise Invalid(
            "range_too_large",
            f"the range holds {points} intervals, more than {MAX_POINTS}: ask for parts of it",
            fields=(("/query/to", "range_too_large"),),
        )


def _zone(name: str | None) -> tzinfo:
    if name is None:
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Invalid(
            "invalid", f"time zone {name!r} is unknown: write it as Europe/Rome", fields=(("/query/tz", "unknown"),)
        ) from None
