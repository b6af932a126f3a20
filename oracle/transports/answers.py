"""What each device hears about its message: how many of its values are new, equal, refused or missing (§3.2)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from gettone.db.repositories.batches import Batches
from gettone.db.repositories.devices import Devices
from gettone.db.tables import Reading, ReadingVersion
from gettone.intake_port import Outcome
from gettone.metering.codes import Code
from gettone.metering.messages import Message
from gettone.vault import Vault

Answer = Mapping[str, object]

# Counters that leave every value of a window either new or equal, or declared missing.
_PLAIN = ("rows_changed", "rows_confirmed", "rows_older", "rows_merged", "rows_rejected", "rows_quarantined")
_HELD = {"quarantined": Code.P_BOUND, "conflict": Code.D_CONFLICT, "older": Code.D_OLDER}
_PER_QUERY = 500


@dataclass(frozen=True, slots=True)
class Stored:
    """What one batch left: current readings, values kept beside with their state, refused rows with their code."""

    current: frozenset[tuple[int, int, int]]
    beside: Mapping[tuple[int, int, int], Code]
    rejected: Mapping[int, Code]


def quick_answers(messages: Sequence[Message], outcome: Outcome) -> list[Answer] | None:
    """The answers that the counters of a batch give by themselves; None where single values have to be looked at."""
    if outcome.state != "done":
        return [_whole(one, outcome) for one in messages]
    counters, nulls = outcome.counters, sum(len(one.nulls) for one in messages)
    mixed = counters["rows_new"] and counters["rows_equal"]
    if mixed or any(counters[name] for name in _PLAIN) or counters["rows_missing"] != nulls:
        return None
    return [_plain(one, new=bool(counters["rows_new"])) for one in messages]


def full_answers(messages: Sequence[Message], stored: Stored) -> list[Answer]:
    """The answers value by value; rows of a batch are numbered through from 1."""
    answers, row = [], 1
    for message in messages:
        answers.append(_counted(message, row, stored))
        row += message.rows
    return answers


def read_stored(connection: Connection, vault: Vault, batch_id: int, messages: Sequence[Message]) -> Stored:
    """What a batch left, by (device, direction, slot)."""
    devices = sorted({one.topic.device_id for one in messages})
    channels = {
        one.channel_id: (one.device_id, int(one.direction))
        for first in range(0, len(devices), _PER_QUERY)
        for one in Devices(connection, vault).channels(devices[first : first + _PER_QUERY])
    }
    spans = [one.span for one in messages if one.span is not None]
    if not spans or not channels:
        return Stored(frozenset(), {}, _rejected(connection, batch_id))
    from_slot, to_slot = min(one.from_slot for one in spans), max(one.to_slot for one in spans)
    current, beside = set(), {}
    ids = sorted(channels)
    for first in range(0, len(ids), _PER_QUERY):
        part = ids[first : first + _PER_QUERY]
        for table, extra in ((Reading, ()), (ReadingVersion, (ReadingVersion.state,))):
            query = select(table.channel_id, table.slot, *extra).where(
                table.channel_id.in_(part), table.slot >= from_slot, table.slot < to_slot, table.batch_id == batch_id
            )
            for channel_id, slot, *state in connection.execute(query):
                key = (*channels[channel_id], slot)
                if not state:
                    current.add(key)
                elif state[0] in _HELD:
                    beside[key] = _HELD[state[0]]
    return Stored(frozenset(current), beside, _rejected(connection, batch_id))


def _rejected(connection: Connection, batch_id: int) -> dict[int, Code]:
    return {one.row_no: Code(one.code) for one in Batches(connection).rejects(batch_id)}


def _plain(message: Message, *, new: bool) -> Answer:
    missing = len(message.nulls)
    there = message.rows - missing
    codes: dict[str, int] = {Code.M_DECLARED: missing} if missing else {}
    return _answer("done", new=there if new else 0, equal=0 if new else there, missing=missing, codes=codes)


def _whole(message: Message, outcome: Outcome) -> Answer:
    """The window as a whole was a duplicate, refused, or waits for a registration."""
    if outcome.state == "duplicate":
        return _answer("duplicate", equal=message.rows, codes={Code.F_DUP: 1})
    codes: dict[str, int] = {message.refused: 1} if message.refused is not None else dict(outcome.codes)
    return _answer(outcome.state, rejected=message.rows, codes=codes)


def _counted(message: Message, row: int, stored: Stored) -> Answer:
    if message.refused is not None or message.span is None:
        return _answer("rejected", rejected=message.rows, codes={message.refused or Code.F_SCHEMA: 1})
    codes: Counter[str] = Counter()
    new = rejected = missing = 0
    for at, slot in enumerate(message.slots):
        key = (message.topic.device_id, message.span.direction, slot)
        held = stored.rejected.get(row + at) or stored.beside.get(key)
        if held is not None:
            codes[held] += 1
            rejected += held is not Code.D_OLDER
        elif at in message.nulls:
            codes[Code.M_DECLARED] += 1
            missing += 1
        elif key in stored.current:
            new += 1
    equal = message.rows - new - rejected - missing
    state = "rejected" if rejected == message.rows else "done"
    return _answer(state, new=new, equal=equal, rejected=rejected, missing=missing, codes=codes)


def _answer(
    state: str,
    *,
    new: int = 0,
    equal: int = 0,
    rejected: int = 0,
    missing: int = 0,
    codes: Mapping[str, int] | None = None,
) -> Answer:
    counted = {str(code): count for code, count in sorted((codes or {}).items())}
    return {
        "state": state, "new": new, "equal": equal, "rejected": rejected, "missing": missing, "codes": counted,
    }  # fmt: skip
