"""Level 2 of the dashboard, what other tables hold: quality of readings, anomalies, other signals, clusters."""

from collections import defaultdict

from sqlalchemy import Connection, func, select

from gettone.db.tables import (
    Anomaly,
    FlowCommunity,
    FlowDevice,
    Sample,
    SignalLabel,
    Weather,
)
from gettone.metering.indicators.arithmetic import rhe
from gettone.metering.indicators.reading_quality import reading_quality, together
from oracle.indicators.asking import Asking
from oracle.indicators.energies import load_readings
from oracle.indicators.similar import LEAST_MEMBERS, similar_groups
from oracle.indicators.summary import slot_text
from oracle.indicators.viewer import Role
from oracle.indicators.widget import Cell, Column, Unit, Widget, withheld

QUALITY = (
    Column("member", Unit.TEXT),
    *(Column(key, Unit.COUNT) for key in ("missing", "actual", "estimated", "corrected", "substituted", "gaps")),
    Column("measured", Unit.BP),
    Column("last_reading", Unit.LABEL),
)
FOUND = (
    Column("code", Unit.TEXT),
    Column("state", Unit.TEXT),
    Column("number", Unit.COUNT),
    Column("first", Unit.LABEL),
    Column("last", Unit.LABEL),
)
SIGNALS = (
    Column("signal", Unit.TEXT),
    Column("unit", Unit.TEXT),
    *(Column(key, Unit.COUNT) for key in ("values", "minimum", "mean", "maximum")),
)
CLUSTERS = (
    Column("cluster", Unit.TEXT),
    Column("description", Unit.TEXT),
    Column("members", Unit.COUNT),
    Column("note", Unit.TEXT),
)


def data_quality(asking: Asking) -> Widget:
    """K21: slots by quality, gaps and the last reading, of each member's channels together."""
    registry = asking.query.registry
    if asking.member_id is None and asking.viewer.role not in (Role.ADMIN, Role.AUDITOR):
        return withheld("data_quality", QUALITY, "not_permitted")
    from_slot, to_slot = asking.slots_of(asking.asked)
    chosen = registry.selection(from_slot, to_slot)
    with asking.database.read() as connection:
        readings = load_readings(connection, chosen.channel_ids, from_slot, to_slot)
    by_member = defaultdict(list)
    for part in chosen.parts:
        member_id = registry.member_ids[part.member]
        if asking.member_id in (None, member_id):
            by_member[member_id].append(reading_quality(readings, part))
    rows: list[tuple[Cell, ...]] = []
    for member_id in sorted(by_member):
        one = together(by_member[member_id])
        last = None if one.last_slot is None else slot_text(asking, one.last_slot)
        rows.append((member_id[:8], *one.by_quality, one.gaps, one.measured_bp, last))
    return Widget("data_quality", QUALITY, tuple(rows))


def found_anomalies(asking: Asking) -> Widget:
    """What the validation rules found over the range on the member's channels, or on all of the community's."""
    if asking.member_id is None and asking.viewer.role not in (Role.ADMIN, Role.AUDITOR):
        return withheld("found_anomalies", FOUND, "not_permitted")
    from_slot, to_slot = asking.slots_of(asking.asked)
    query = (
        select(
            Anomaly.code,
            Anomaly.state,
            func.count(),
            func.min(Anomaly.first_slot),
            func.max(func.coalesce(Anomaly.last_slot, Anomaly.first_slot)),
        )
        .where(Anomaly.first_slot < to_slot, func.coalesce(Anomaly.last_slot, Anomaly.first_slot) >= from_slot)
        .where(Anomaly.channel_id.in_(_channels(asking, from_slot, to_slot)))
        .group_by(Anomaly.code, Anomaly.state)
        .order_by(Anomaly.code, Anomaly.state)
    )
    with asking.database.read() as connection:
        found = connection.execute(query).all()
    rows = tuple((*row[:3], slot_text(asking, row[3]), slot_text(asking, row[4])) for row in found)
    return Widget("found_anomalies", FOUND, rows)


def other_signals(asking: Asking) -> Widget:
    """Current, voltage, power and charge of the member's devices; of a community the weather of its stations."""
    from_slot, to_slot = asking.slots_of(asking.asked)
    table = Weather if asking.member_id is None else Sample
    query = (
        select(
            SignalLabel.code,
            SignalLabel.unit,
            SignalLabel.scale,
            func.count(),
            func.min(table.value),
            func.sum(table.value),
            func.max(table.value),
        )
        .join(SignalLabel, SignalLabel.signal_id == table.signal_id)
        .where(table.slot >= from_slot, table.slot < to_slot)
        .group_by(SignalLabel.signal_id, SignalLabel.code, SignalLabel.unit, SignalLabel.scale)
        .order_by(SignalLabel.signal_id)
    )
    with asking.database.read() as connection:
        if asking.member_id is None:
            query = query.where(Weather.station_id.in_(_stations(connection, asking.community_id)))
        else:
            query = query.where(Sample.channel_id.in_(_channels(asking, from_slot, to_slot)))
        found = connection.execute(query).all()
    rows = tuple(_signal_row(*row) for row in found)
    return Widget("other_signals", SIGNALS, rows)


def user_clusters(asking: Asking) -> Widget:
    """Clusters of similar members; members see stable ones of at least five, admins all, with a warning."""
    sees_all = asking.viewer.role in (Role.ADMIN, Role.AUDITOR) and asking.member_id is None
    rows: list[tuple[Cell, ...]] = []
    for group in similar_groups(asking.database, asking.community_id):
        if sees_all or (group.stable and len(group.members) >= LEAST_MEMBERS):
            own = "own" if asking.member_id in group.members else ""
            rows.append((group.label, group.description, len(group.members), own if group.stable else "unstable"))
    return Widget("user_clusters", CLUSTERS, tuple(rows))


def _channels(asking: Asking, from_slot: int, to_slot: int) -> list[int]:
    """Channels that the member, or any member, held in a range."""
    return sorted(
        {
            one.channel_id
            for one in asking.query.registry.held
            if asking.member_id in (None, one.member_id) and one.from_slot < to_slot and one.to_slot > from_slot
        }
    )


def _stations(connection: Connection, community_id: int) -> list[int]:
    """Devices of the flows that belong to a community: its weather stations are among them."""
    query = (
        select(FlowDevice.device_id)
        .join(FlowCommunity, FlowCommunity.flow_id == FlowDevice.flow_id)
        .where(FlowCommunity.community_id == community_id)
    )
    return sorted(connection.execute(query).scalars())


def _signal_row(code: str, unit: str, scale: int, count: int, *figures: int) -> tuple[Cell, ...]:
    least, total, greatest = (int(one) for one in figures)
    # A tenth of a unit has no name of its own, a thousandth has (mA, mV).
    shown = f"0.1 {unit}" if scale == -1 else unit
    return code, shown, count, least, rhe(total, count), greatest
