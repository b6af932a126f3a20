"""What is known of the registers of channels: how many digits they have, and when a meter was replaced."""

from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from gettone.db.tables import Channel, MeterChange
from gettone.errors import Conflict


class ChangeRow(NamedTuple):
    """A meter replaced at an instant [unix ms]: the old one's last and the new one's first register [Wh]."""

    channel_id: int
    at_ms: int
    old_final_wh: int
    new_initial_wh: int


def set_digits(connection: Connection, channel_id: int, digits: int) -> None:
    """State the whole kWh digits of a register; Conflict where another number is stated already."""
    found = connection.execute(select(Channel.digits).where(Channel.channel_id == channel_id)).scalar_one()
    if found not in (None, digits):
        raise Conflict("register_differs", f"the register of channel {channel_id} has {found} digits, not {digits}")
    connection.execute(update(Channel).where(Channel.channel_id == channel_id).values(digits=digits))


def add_meter_change(connection: Connection, row: ChangeRow) -> None:
    """State that a meter was replaced; repeating it changes nothing, Conflict for other registers at that instant."""
    query = select(MeterChange.channel_id, MeterChange.at, MeterChange.old_final_wh, MeterChange.new_initial_wh)
    found = connection.execute(
        query.where(MeterChange.channel_id == row.channel_id, MeterChange.at == row.at_ms)
    ).one_or_none()
    if found is None:
        values = dict(zip(("channel_id", "at", "old_final_wh", "new_initial_wh"), row, strict=True))
        connection.execute(insert(MeterChange).values(**values))
    elif tuple(found) != tuple(row):
        raise Conflict(
            "register_differs", f"channel {row.channel_id} was given another meter at that instant: correct it there"
        )
