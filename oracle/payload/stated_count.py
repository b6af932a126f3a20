"""The number of rows that a delimited file states in its last line (rule V1): a half-written file lacks it."""

from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from oracle.payload.refusals import unusable

COUNT_OPTION = "count_prefix"

Broken = tuple[int, int, str]


def without_count(broken: list[Broken], rows_read: int, last_row: int, flow: FlowConfig) -> list[Broken]:
    """The broken records without the one that states the count; all of them where the flow has no such line.

    The option `count_prefix` of the flow is what the last line begins with, as `#rows=` of `#rows=96`.  Raises
    InputError F_COUNT where the line is missing, is not the last, or states another number than there are.
    """
    prefix = flow.option(COUNT_OPTION)
    if prefix is None:
        return broken
    final = broken[-1] if broken else (0, 0, "")
    row, _, text = final
    stated = text.strip().removeprefix(prefix)
    if row <= last_row or not text.startswith(prefix) or not (stated.isascii() and stated.isdigit()):
        raise unusable(Code.F_COUNT, f"does not end with a line {prefix}N that states its rows: send it again")
    rows = rows_read + len(broken) - 1
    if int(stated[:12]) != rows:
        raise unusable(Code.F_COUNT, f"states {stated[:12]} rows and has {rows}: send it again")
    return broken[:-1]
