"""What is known of the registers of channels: how many digits they have, and when a meter was replaced."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from gettone.db.bulk import insert_rows, update_rows
from gettone.db.columns import Base
from gettone.db.id_lists import among
from gettone.db.tables import Channel, MeterChange
from gettone.errors import Conflict


class ChangeRow(NamedTuple):
    """A meter replaced at an instant [unix ms]: the old one's last and the new one's first register [Wh]."""

    channel_id: int
    at_ms: int
    old_final_wh: int
    new_initial_wh: int


def set_digits(connection: Connection, stated: Mapping[int, int]) -> None:
    """State the whole kWh digits of registers by channel; Conflict where another number is stated already."""
    chosen = among(connection, Channel.channel_id, sorted(stated))
    stored = dict(connection.execute(select(Channel.channel_id, Channel.digits).where(chosen)).all())
    for channel_id, digits in stated.items():
        found = stored[channel_id]
        if found not in (None, digits):
            raise Conflict("register_differs", f"the register of channel {channel_id} has {found} digits, not {digits}")
    rows = [(channel_id, digits) for channel_id, digits in stated.items() if stored[channel_id] is None]
    update_rows(connection, Base.metadata.tables[Channel.__tablename__], ("channel_id",), ("digits",), rows)


def add_meter_changes(connection: Connection, stated: Sequence[ChangeRow]) -> None:
    """State that meters were replaced; repeating it changes nothing, Conflict for other registers at that instant."""
    query = select(MeterChange.channel_id, MeterChange.at, MeterChange.old_final_wh, MeterChange.new_initial_wh)
    chosen = among(connection, MeterChange.channel_id, sorted({one.channel_id for one in stated}))
    known = {row[:2]: ChangeRow(*row) for row in map(tuple, connection.execute(query.where(chosen)))}
    new = []
    for row in stated:
        found = known.setdefault(row[:2], row)
        if found != row:
            raise Conflict(
                "register_differs",
                f"channel {row.channel_id} was given another meter at that instant: correct it there",
            )
        if found is row:
            new.append(row)
    insert_rows(connection, MeterChange.__tablename__, ("channel_id", "at", "old_final_wh", "new_initial_wh"), new)
