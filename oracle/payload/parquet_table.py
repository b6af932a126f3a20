"""A Parquet file as a table: typed columns under our names, checked before anything is unpacked."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gettone.metering.codes import Code
from oracle.payload.opened import MAX_UNPACKED_BYTES
from oracle.payload.refusals import unusable
from oracle.payload.rows import MAX_ROWS
from oracle.payload.table import Layout, Table

MAGIC = b"PAR1"
_READABLE = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_integer,
    pa.types.is_float32,
    pa.types.is_float64,
    pa.types.is_decimal128,
    pa.types.is_timestamp,
)


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet does; False for one that cannot be opened."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def read_parquet(path: Path, layout: Layout) -> Table:
    """The columns of `layout`; rows are numbered from 1.

    Raises InputError F_SCHEMA for a damaged or half-written file, F_COLUMN for a missing column or one of a type
    that holds no single value, F_SIZE beyond the limits, which the footer tells before anything is unpacked.
    """
    try:
        with pq.ParquetFile(path) as file:
            _check_size(file.metadata)
            header = file.schema_arrow.names
            chosen = layout.chosen(header)
            _check_types(file.schema_arrow, chosen)
            found = file.read(columns=[header[at] for at in chosen.values()], use_threads=False)
            # A damaged file may hold text that is none, or positions outside a dictionary.
            found.validate(full=True)
            columns = {ours: _readable(found[header[at]]) for ours, at in chosen.items()}
    except (OSError, EOFError, pa.ArrowException, UnicodeDecodeError):
        raise unusable(Code.F_SCHEMA, "is no complete Parquet file: send it again") from None
    return Table(np.arange(1, found.num_rows + 1, dtype=np.int64), columns, layout.ignored(header))


def _check_size(metadata: pq.FileMetaData) -> None:
    if metadata.num_rows > MAX_ROWS:
        raise unusable(Code.F_SIZE, f"has more than {MAX_ROWS} rows: split it")
    unpacked = sum(metadata.row_group(at).total_byte_size for at in range(metadata.num_row_groups))
    if unpacked > MAX_UNPACKED_BYTES:
        raise unusable(Code.F_SIZE, f"has more than {MAX_UNPACKED_BYTES} bytes of content: split it")


def _check_types(schema: pa.Schema, chosen: dict[str, int]) -> None:
    for at in chosen.values():
        kind = schema.field(at).type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        if not any(test(kind) for test in _READABLE):
            raise unusable(Code.F_COLUMN, f"has a column {schema.field(at).name!r} of type {kind}, which is no number")


def _readable(column: pa.ChunkedArray) -> pa.Array:
    """A column as it is, texts and the distinct values of dictionaries and instants as plain text."""
    whole = _one_chunk(column)
    if pa.types.is_timestamp(whole.type):
        whole = whole.dictionary_encode()
    if pa.types.is_dictionary(whole.type):
        return pa.DictionaryArray.from_arrays(whole.indices, whole.dictionary.cast(pa.string()))
    return whole.cast(pa.string()) if pa.types.is_large_string(whole.type) else whole


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
