"""Text files in gzip whose bytes depend on their content alone: no name, no time in the header."""

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


@contextmanager
def open_gzip(path: str) -> Iterator[TextIO]:
    """Open a gzip file for reading UTF-8 text lines."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield lines


@contextmanager
def open_deterministic_gzip(path: str) -> Iterator[TextIO]:
    """Open a gzip file for writing; the same text always gives the same bytes."""
    with (
        open(path, "wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=9, fileobj=raw, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
    ):
        yield text
