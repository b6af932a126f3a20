"""JSON documents of a payload: names that stand twice, NaN and endless numbers are refused, decimals stay text."""

import io
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from gettone.metering.codes import Code
from oracle.payload.numbers import DecimalText
from oracle.payload.refusals import unusable
from oracle.payload.text import Utf8Stream

MAX_DOCUMENT_BYTES = 64 * 1024 * 1024


class BrokenDocument(Exception):
    """A text that is no JSON document, with the reason in words."""


def decode(text: str | bytes) -> Any:
    """The document of a text; its whole numbers are int, those with a point or an exponent `DecimalText`.

    Raises BrokenDocument for anything else, for a name that stands twice in one object, and for too deep a nest.
    """
    try:
        return _DECODER.decode(
            text if isinstance(text, str) else text.decode(json.detect_encoding(text), "surrogatepass")
        )
    except RecursionError:
        raise BrokenDocument("it is nested too deep") from None
    except ValueError as failure:
        raise BrokenDocument(str(failure)[:120]) from None


def documents_of(source: BinaryIO, encoding: str) -> Iterator[str]:
    """The texts of the documents of a payload: one on each line, or one over all lines.

    The first line tells: one that ends like an object is a document of its own, and so are all that follow it.
    Raises InputError F_SIZE for a document beyond 64 MiB, F_ENCODING for other text than the flow states.
    """
    stream: Any = io.BufferedReader(cast(Any, Utf8Stream(source, encoding)))
    first = True
    while line := stream.readline(MAX_DOCUMENT_BYTES + 1):
        _check_size(line)
        if not line.strip():
            continue
        if first and not line.rstrip().endswith(b"}"):
            whole = line + stream.read(MAX_DOCUMENT_BYTES + 1)
            _check_size(whole)
            yield whole.decode("utf-8")
            return
        first = False
        yield line.decode("utf-8")


def _check_size(document: bytes) -> None:
    if len(document) > MAX_DOCUMENT_BYTES:
        raise unusable(Code.F_SIZE, f"has a document of more than {MAX_DOCUMENT_BYTES} bytes: split it")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


# One for all: making it takes as long as reading a short message.
_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=DecimalText)
