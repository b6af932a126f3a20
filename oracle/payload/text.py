"""Bytes of a payload as UTF-8, whatever encoding the flow states (rule V1)."""

import codecs
import io
from collections.abc import Callable
from typing import BinaryIO

from gettone.metering.codes import Code
from oracle.payload.refusals import unusable

PIECE_BYTES = 1024 * 1024
_BOM = "\ufeff"


class Utf8Stream(io.RawIOBase):
    """Content of `inner`, written in `encoding`, as UTF-8 without a byte order mark.

    `watch` sees every piece and may refuse it.  Raises InputError F_ENCODING for bytes outside the encoding.
    """

    def __init__(self, inner: BinaryIO, encoding: str, watch: Callable[[bytes], None] | None = None) -> None:
        self._inner = inner
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(known_encoding(encoding))()
        self._watch = watch
        self._pending = b""
        self._started = False
        self._ended = False

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """As every raw file."""
        while not self._pending and not self._ended:
            self._pending = self._next_piece()
        size = min(len(buffer), len(self._pending))
        buffer[:size] = self._pending[:size]
        self._pending = self._pending[size:]
        return size

    def _next_piece(self) -> bytes:
        raw = self._inner.read(PIECE_BYTES)
        self._ended = not raw
        try:
            text = self._decoder.decode(raw, final=self._ended)
        except UnicodeDecodeError:
            raise unusable(Code.F_ENCODING, f"is not text in {self._encoding}, which its flow states") from None
        if text and not self._started:
            self._started = True
            text = text.removeprefix(_BOM)
        # A lone surrogate of UTF-16 or UTF-7 decodes, and no text may hold it.
        piece = text.encode("utf-8", "replace")
        if self._watch is not None:
            self._watch(piece)
        return piece


def known_encoding(encoding: str) -> str:
    """The name under which Python knows a text encoding; InputError F_ENCODING for any other."""
    try:
        found = codecs.lookup(encoding)
    except (LookupError, ValueError):
        raise unusable(Code.F_ENCODING, f"cannot be decoded: its flow states {encoding!r}, no known encoding") from None
    if not getattr(found, "_is_text_encoding", True):
        raise unusable(Code.F_ENCODING, f"cannot be decoded: {encoding!r} is no encoding of text")
    return found.name
