"""Views for applications: series with estimates and explicit gaps, sums of members and communities by slot."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# A measured value wins, an estimate stands in for a missing one, and a slot of a known gap is there with quality 0.
_SERIES = """
CREATE VIEW series AS
WITH RECURSIVE gap_slots (channel_id, slot, step, slots_left) AS (
    SELECT gaps.channel_id, gaps.first_slot, channels.step_s / 900, gaps.slots
    FROM gaps JOIN channels ON channels.channel_id = gaps.channel_id
    UNION ALL
    SELECT channel_id, slot + step, step, slots_left - 1 FROM gap_slots WHERE slots_left > 1
),
valued AS (
    SELECT channel_id, slot, wh, quality, rank FROM readings WHERE quality <> 0
    UNION ALL
    SELECT estimates.channel_id, estimates.slot, estimates.wh, 2, 5 FROM estimates
    WHERE NOT EXISTS (
        SELECT 1 FROM readings
        WHERE readings.channel_id = estimates.channel_id AND readings.slot = estimates.slot AND readings.quality <> 0
    )
),
missing AS (
    SELECT channel_id, slot FROM readings WHERE quality = 0
    UNION
    SELECT channel_id, slot FROM gap_slots
)
SELECT channel_id, slot, wh, quality, rank FROM valued
UNION ALL
SELECT missing.channel_id, missing.slot, NULL, 0, 0 FROM missing
WHERE NOT EXISTS (
    SELECT 1 FROM readings
    WHERE readings.channel_id = missing.channel_id AND readings.slot = missing.slot AND readings.quality <> 0
) AND NOT EXISTS (
    SELECT 1 FROM estimates WHERE estimates.channel_id = missing.channel_id AND estimates.slot = missing.slot
)
"""

# A slot counts for who held the device in it, inside the membership; a sum says how much of it was measured.
_MEMBER_SLOTS = """
CREATE VIEW member_slots AS
SELECT users_communities.community_id, device_members.member_id, channels.direction, channels.step_s, series.slot,
    SUM(series.wh) AS wh, COUNT(*) AS channels,
    SUM(CASE WHEN series.quality IN (1, 3) THEN 1 ELSE 0 END) AS measured,
    SUM(CASE WHEN series.quality = 0 THEN 1 ELSE 0 END) AS missing
FROM series
JOIN channels ON channels.channel_id = series.channel_id
JOIN device_members ON device_members.device_id = channels.device_id
    AND device_members.valid_from <= series.slot
    AND (device_members.valid_to IS NULL OR series.slot < device_members.valid_to)
JOIN member_intervals ON member_intervals.member_id = device_members.member_id
    AND member_intervals.valid_from <= series.slot
    AND (member_intervals.valid_to IS NULL OR series.slot < member_intervals.valid_to)
JOIN users_communities ON users_communities.member_id = device_members.member_id
GROUP BY users_communities.community_id, device_members.member_id, channels.direction, channels.step_s, series.slot
"""

_COMMUNITY_SLOTS = """
CREATE VIEW community_slots AS
SELECT community_id, direction, step_s, slot, SUM(wh) AS wh, COUNT(*) AS members, SUM(channels) AS channels,
    SUM(measured) AS measured, SUM(missing) AS missing
FROM member_slots
GROUP BY community_id, direction, step_s, slot
"""


def upgrade() -> None:
    """Add the views of this revision."""
    for statement in (_SERIES, _MEMBER_SLOTS, _COMMUNITY_SLOTS):
        op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    for name in ("community_slots", "member_slots", "series"):
        op.execute(f"DROP VIEW {name}")
