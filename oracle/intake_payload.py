"""The rows of a stored batch: of its own payload, or chosen ones of the batch whose rows it repeats."""

from gettone.db.engine import Database
from gettone.db.repositories.batches import Batches, BatchRow
from gettone.db.repositories.flows import FlowRow, Flows
from gettone.lake import Lake
from gettone.metering.received import Received, ReceivedRegisters
from oracle.formats.registry import read_batch
from oracle.intake_rows import selected_rows
from oracle.intake_tables import read_table_file
from oracle.sources.table_file import TableFile

Rows = tuple[int, ...] | None
"""Which rows of a payload count; None for all."""


def read_rows(
    database: Database, lake: Lake, batch: BatchRow, flow: FlowRow
) -> tuple[Received | ReceivedRegisters, Rows]:
    """The readings of a payload, and which of them count; InputError for an unusable one."""
    sha256, flow, rows = _source(database, lake, batch, flow)
    with lake.opened(sha256) as payload:
        return read_batch(payload, flow.config), rows


def read_table(database: Database, lake: Lake, batch: BatchRow, flow: FlowRow) -> tuple[TableFile, Rows]:
    """What counts of a file of prices or weather, and which rows those are; InputError for an unusable one."""
    sha256, flow, rows = _source(database, lake, batch, flow)
    with lake.opened(sha256) as payload:
        table = read_table_file(database, payload, flow)
    return (table if rows is None else table.taking(rows)), rows


def _source(database: Database, lake: Lake, batch: BatchRow, flow: FlowRow) -> tuple[bytes, FlowRow, Rows]:
    """Where the rows are, and the flow by which they were received."""
    sha256 = batch.sha256 or b""
    rows = None if batch.derived_from is None else selected_rows(lake.read(sha256))
    if rows is None:
        return sha256, flow, None
    with database.read() as connection:
        parent = Batches(connection).get([batch.derived_from or 0])[batch.derived_from or 0]
        return parent.sha256 or b"", Flows(connection).of_batch(parent.flow_id, parent.flow_config), rows
