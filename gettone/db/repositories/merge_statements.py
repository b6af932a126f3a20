"""The statements of the merge: one text for both databases wherever they agree."""

# ruff: noqa: S608 - the parts of these texts are all written here, values are bound.

from collections.abc import Sequence

from gettone.db.arrays import IntegerArray

_STAGED = "channel_id INTEGER NOT NULL, slot INTEGER NOT NULL, wh INTEGER NOT NULL, quality SMALLINT NOT NULL, "
_SAME_SLOT = "{one}.channel_id = {other}.channel_id AND {one}.slot = {other}.slot"
_IN_BOX = "slot BETWEEN :first AND :last"
_OF_IDS = {"postgresql": "channel_id = ANY(:ids)", "sqlite": "channel_id IN (SELECT value FROM json_each(:ids))"}

# V13's D_EQUAL: nothing is known after it that was not known before.
_EQUAL = (
    "readings.wh = s.wh AND (readings.quality = 0) = (s.quality = 0) AND readings.rank >= s.rank "
    "AND NOT (s.quality IN (1, 3) AND readings.quality NOT IN (1, 3))"
)
_READ = _SAME_SLOT.format(one="readings", other="s")
_LAST = (
    "COALESCE((SELECT MAX(v.version) FROM reading_versions v "
    f"WHERE {_SAME_SLOT.format(one='v', other='s')}), 0)"
)  # fmt: skip

READINGS_IN_BOX = {name: f"SELECT 1 FROM readings WHERE {_IN_BOX} AND {ids} LIMIT 1" for name, ids in _OF_IDS.items()}
VERSIONS_IN_BOX = {
    name: f"SELECT 1 FROM reading_versions WHERE {_IN_BOX} AND {ids} LIMIT 1" for name, ids in _OF_IDS.items()
}
ORDERS = {
    name: f"SELECT batch_id, received_at, sha256 FROM batches WHERE {ids.replace('channel_id', 'batch_id')}"
    for name, ids in _OF_IDS.items()
}
# What says nothing new is left out here, so that a file loaded again costs one join and no row.
COMPARE = (
    "INSERT INTO merge_compared "
    "SELECT s.channel_id, s.slot, s.wh, s.quality, s.rank, readings.wh, readings.quality, readings.rank, "
    f"readings.version, readings.batch_id FROM merge_staging s LEFT JOIN readings ON {_READ} "
    f"AND readings.{_IN_BOX} WHERE readings.channel_id IS NULL OR NOT ({_EQUAL})"
)
RIVALS = (
    "SELECT s.channel_id, s.slot, s.wh, s.quality, s.rank, s.current_wh, s.current_quality, s.current_rank, "
    f"s.current_version, s.current_batch, {_LAST} FROM merge_compared s "
    "WHERE s.current_batch IS NOT NULL ORDER BY s.channel_id, s.slot"
)
_NEW = "WHERE s.current_batch IS NULL"
_INTO = "INSERT INTO readings (channel_id, slot, wh, quality, rank, version, batch_id) "
ADD_NEW = f"{_INTO} SELECT s.channel_id, s.slot, s.wh, s.quality, s.rank, 1, :batch FROM merge_compared s {_NEW}"
ADD_NEW_AFTER_VERSIONS = (
    f"{_INTO} SELECT s.channel_id, s.slot, s.wh, s.quality, s.rank, {_LAST} + 1, :batch FROM merge_compared s {_NEW}"
)
MISSING_NEW = f"SELECT COUNT(*) FROM merge_compared s {_NEW} AND s.quality = 0"
_REPLACED = _SAME_SLOT.format(one="readings", other="n")
KEEP_SUPERSEDED = (
    "INSERT INTO reading_versions (channel_id, slot, version, wh, quality, rank, batch_id, state) "
    "SELECT readings.channel_id, readings.slot, readings.version, readings.wh, readings.quality, readings.rank, "
    f"readings.batch_id, 'superseded' FROM merge_replacing n JOIN readings ON {_REPLACED}"
)
REPLACE = (
    "UPDATE readings SET wh = n.wh, quality = n.quality, rank = n.rank, version = n.version, batch_id = :batch "
    f"FROM merge_replacing n WHERE {_REPLACED}"
)


def staging(dialect: str) -> tuple[str, ...]:
    """Statements that leave two empty temporary tables: for the values of a batch, and for those that change something.

    PostgreSQL gets the memory to join them at once, and a sample of a tenth of its usual size.  It remembers no row of
    the joined table, because no slot is asked for twice: with good statistics it would choose a loop over a million
    rows for that, and take three times as long.
    """
    compared = _STAGED + (
        "rank SMALLINT NOT NULL, current_wh INTEGER, current_quality SMALLINT, current_rank SMALLINT, "
        "current_version SMALLINT, current_batch INTEGER"
    )
    settings = (
        ("SET LOCAL work_mem = '96MB'", "SET LOCAL default_statistics_target = 10", "SET LOCAL enable_memoize = off")
        if dialect == "postgresql"
        else ()
    )
    return (
        *settings,
        *_temporary("merge_staging", _STAGED + "rank SMALLINT NOT NULL", dialect),
        *_temporary("merge_compared", compared, dialect),
    )


def replacing(dialect: str) -> tuple[str, ...]:
    """Statements that leave an empty temporary table for new current values."""
    return _temporary("merge_replacing", _STAGED + "rank SMALLINT NOT NULL, version SMALLINT NOT NULL", dialect)


def channels(dialect: str) -> str:
    """The registered ones among channels; PostgreSQL keeps them from being deleted until the commit."""
    lock = " FOR KEY SHARE" if dialect == "postgresql" else ""
    return f"SELECT channel_id FROM channels WHERE {_OF_IDS[dialect]}{lock}"


def id_list(dialect: str, ids: Sequence[int]) -> object:
    """Ids as the statements take them: an array, or JSON text."""
    return IntegerArray.of(ids) if dialect == "postgresql" else f"[{','.join(map(str, ids))}]"


def _temporary(name: str, columns: str, dialect: str) -> tuple[str, ...]:
    key, end = ", PRIMARY KEY (channel_id, slot)) WITHOUT ROWID", ""
    if dialect == "postgresql":
        key, end = ")", " ON COMMIT DELETE ROWS"
    return (f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({columns}{key}{end}", f"DELETE FROM {name}")
