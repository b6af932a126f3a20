"""Parquet with the columns that the flow maps (§3.2)."""

from pathlib import Path

from gettone.metering.flow import FlowConfig
from gettone.metering.received import Received, ReceivedRegisters
from oracle.payload.columns import read_columns
from oracle.payload.parquet_table import read_parquet
from oracle.payload.table import layout_of


def read(payload: Path, flow: FlowConfig) -> Received | ReceivedRegisters:
    """The rows of a Parquet file, numbered from 1, with columns and options as those of CSV.

    Texts are read as in CSV; a floating point number counts as the shortest decimal that names it.
    """
    layout = layout_of(flow)
    return read_columns(read_parquet(payload, layout), flow, layout)
