"""Delimited text (RFC 4180) as a table of strings, with the number of each record.

Where every record is a line, Arrow splits the text; otherwise the strict reader of the standard library does, because
a quote that never closes must not swallow the rows behind it in silence.
"""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Rejected
from oracle.payload.opened import open_payload
from oracle.payload.plain_lines import PlainLines, Unusual
from oracle.payload.refusals import MAX_BROKEN, too_many_broken, unusable
from oracle.payload.rows import MAX_ROWS, RAW_CHARACTERS
from oracle.payload.stated_count import without_count
from oracle.payload.table import Layout, Table
from oracle.payload.text import Utf8Stream

BLOCK_BYTES = 8 * 1024 * 1024
BLOCK_ROWS = 50_000
MAX_HEADER_BYTES = 64 * 1024
# Values that repeat are kept once; Arrow numbers them.
_REPEATED = ("device", "timestamp", "interval_s", "unit", "quality", "direction")


def read_delimited(path: Path, flow: FlowConfig, layout: Layout) -> Table:
    """The columns of `layout` as strings; a record of another width is broken, blank lines are none.

    Raises InputError F_ENCODING, F_COUNT, F_SCHEMA (empty, quotes against RFC 4180, a record of several MiB), F_COLUMN,
    F_SIZE, and those of `open_payload`.
    """
    if flow.separator.isascii():
        with suppress(Unusual):
            return _read(path, flow, layout, _split_lines, PlainLines(flow.separator))
    return _read(path, flow, layout, _split_quoted, None)


def _read(path: Path, flow: FlowConfig, layout: Layout, split: Any, watch: Any) -> Table:
    with open_payload(path) as plain:
        stream = io.BufferedReader(Utf8Stream(plain, flow.encoding, watch))
        header = _header(stream, flow.separator)
        chosen = layout.chosen(header)
        broken: list[tuple[int, int, str]] = []
        columns, numbers = split(stream, flow.separator, header, chosen, broken)
        broken = without_count(broken, len(numbers), int(numbers[-1]) if len(numbers) else 1, flow)
    rejected = [_wrong_width(row, width, len(header)) for row, width, _ in broken]
    texts = {row: text[:RAW_CHARACTERS] for row, _, text in broken}
    return Table(numbers, columns, layout.ignored(header), rejected, texts)


def _header(stream: Any, separator: str) -> list[str]:
    line = stream.readline(MAX_HEADER_BYTES)
    if not line.strip():
        raise unusable(Code.F_SCHEMA, "is empty, or begins with an empty line where its header should be")
    try:
        return next(csv.reader([line.decode()], delimiter=separator, strict=True))
    except (csv.Error, UnicodeDecodeError):
        raise unusable(Code.F_SCHEMA, "has a header that is not delimited text (RFC 4180)") from None


def _wrong_width(row: int, width: int, expected: int) -> Rejected:
    return Rejected(row, Code.R_SYNTAX, "", f"the row has {width} fields, and the header has {expected}")


def _split_lines(
    stream: Any, separator: str, header: list[str], chosen: dict[str, int], broken: list[Any]
) -> tuple[dict[str, pa.Array], Any]:
    skipped: list[int] = []

    def keep(row: Any) -> str:
        skipped.append(row.number + 1)
        _keep_broken(broken, row.number + 1, row.actual_columns, row.text)
        return "skip"

    text = {header[at]: pa.dictionary(pa.int32(), pa.string()) for ours, at in chosen.items() if ours in _REPEATED}
    names = {ours: header[at] for ours, at in chosen.items()}
    if not stream.peek(1):
        return {ours: pa.array([], pa.string()) for ours in chosen}, np.zeros(0, np.int64)
    batches = []
    count = 0
    try:
        reader = pa_csv.open_csv(
            stream,
            read_options=pa_csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES, column_names=header),
            parse_options=pa_csv.ParseOptions(delimiter=separator, ignore_empty_lines=False, invalid_row_handler=keep),
            convert_options=pa_csv.ConvertOptions(
                column_types={name: text.get(name, pa.string()) for name in names.values()},
                include_columns=list(names.values()),
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
        for batch in reader:
            batches.append(batch)
            count = _counted(count + len(batch))
    except pa.ArrowException as failure:
        raise unusable(Code.F_SCHEMA, f"is not delimited text: {str(failure).splitlines()[0][:120]}") from None
    table = pa.Table.from_batches(batches, reader.schema).unify_dictionaries().combine_chunks()
    # Lines are numbered from 1, the header among them; what was skipped has its own number.
    lines = np.arange(2, 2 + len(table) + len(skipped), dtype=np.int64)
    numbers = lines[~np.isin(lines, skipped)] if skipped else lines
    return {ours: _one_chunk(table[name]) for ours, name in names.items()}, numbers


def _split_quoted(
    stream: Any, separator: str, header: list[str], chosen: dict[str, int], broken: list[Any]
) -> tuple[dict[str, pa.Array], Any]:
    reader = csv.reader(io.TextIOWrapper(stream, "utf-8", newline=""), delimiter=separator, strict=True)
    numbers: list[int] = []
    pieces: dict[str, list[pa.Array]] = {ours: [] for ours in chosen}
    try:
        while records := list(islice(_of_width(reader, len(header), broken), BLOCK_ROWS)):
            numbers.extend(number for number, _ in records)
            _counted(len(numbers))
            for ours, at in chosen.items():
                pieces[ours].append(pa.array([values[at] for _, values in records], pa.string()))
    except csv.Error as failure:
        raise unusable(Code.F_SCHEMA, f"breaks the quoting of delimited text (RFC 4180): {failure}") from None
    columns = {ours: _one_chunk(pa.chunked_array(some, pa.string())) for ours, some in pieces.items()}
    return columns, np.array(numbers, np.int64)


def _of_width(reader: Any, width: int, broken: list[Any]) -> Iterator[tuple[int, list[str]]]:
    for values in reader:
        # The header was taken off before: the first line of the reader is the second of the file.
        if len(values) == width:
            yield reader.line_num + 1, values
        elif values:
            _keep_broken(broken, reader.line_num + 1, len(values), ",".join(values))


def _keep_broken(broken: list[Any], row: int, width: int, text: str) -> None:
    # A line of blanks is as empty as one without.
    if text.strip():
        broken.append((row, width, text))
    if len(broken) > MAX_BROKEN:
        raise too_many_broken()


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def _counted(count: int) -> int:
    if count > MAX_ROWS:
        raise unusable(Code.F_SIZE, f"has more than {MAX_ROWS} rows: split it")
    return count
