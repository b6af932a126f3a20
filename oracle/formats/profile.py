"""The built-in profile `device,timestamp_utc,interval_s,energy_wh[,quality,direction,unit]` (§3.2)."""

from pathlib import Path

from gettone.metering.flow import FlowConfig
from gettone.metering.received import Received, ReceivedRegisters
from oracle.payload.any_table import read_any_table
from oracle.payload.columns import read_columns
from oracle.payload.table import PROFILE_LAYOUT


def read(payload: Path, flow: FlowConfig) -> Received | ReceivedRegisters:
    """The rows of a file in the profile: CSV, gzip or zip of it, or Parquet, told apart by the first bytes.

    timestamp_utc: start of the interval with its UTC offset.  energy_wh: signed whole Wh.  Further columns are
    ignored and named.  Raises InputError with an F code for an unusable whole.
    """
    return read_columns(read_any_table(payload, flow, PROFILE_LAYOUT), flow, PROFILE_LAYOUT)
