"""CSV in the dialect that the flow states: separator, encoding, decimal mark, columns, clock (RFC 4180, §3.2)."""

from pathlib import Path

from gettone.metering.flow import FlowConfig
from gettone.metering.received import Received, ReceivedRegisters
from oracle.payload.columns import read_columns
from oracle.payload.delimited import read_delimited
from oracle.payload.table import layout_of


def read(payload: Path, flow: FlowConfig) -> Received | ReceivedRegisters:
    """The rows of a CSV file, plain, gzip or zip; a row's number is its line, the header being line 1.

    The flow maps our columns `device, timestamp, interval_s, value, unit, quality, direction` to those of the file;
    options: `device` where all rows are of one, `time_layout` where labels are not ISO 8601, `register_after_s` where
    a register was read so long after its label, `count_prefix` of a last line that states the rows, and the source's
    own words as `direction.import` = `withdrawal`.
    Raises InputError with an F code for an unusable whole.
    """
    layout = layout_of(flow)
    return read_columns(read_delimited(payload, flow, layout), flow, layout)
