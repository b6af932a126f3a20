"""A table that is delimited text or Parquet, told apart by its first bytes."""

from pathlib import Path

from gettone.metering.flow import FlowConfig
from oracle.payload.delimited import read_delimited
from oracle.payload.parquet_table import is_parquet, read_parquet
from oracle.payload.table import Layout, Table


def read_any_table(payload: Path, flow: FlowConfig, layout: Layout) -> Table:
    """The columns of `layout` from CSV, gzip or zip of it, or Parquet; InputError with an F code as either raises."""
    return read_parquet(payload, layout) if is_parquet(payload) else read_delimited(payload, flow, layout)
