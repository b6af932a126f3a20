"""Whether delimited text is plain: one record on each line, no blank line, and every quote where RFC 4180 has it."""

import numpy as np

from gettone.metering.received import Int64Array

MAX_LINE_BYTES = 8 * 1024 * 1024
_QUOTE, _LINE_FEED, _RETURN = 34, 10, 13


class Unusual(Exception):
    """There is a quote out of place, a value over several lines or a blank line: the file wants a strict reader."""


class PlainLines:
    """Looks at the pieces of a text on their way and raises `Unusual` at the first that is not plain.

    Only whole lines are judged: what is left of a piece waits for the next one, and an empty piece ends the text.
    """

    def __init__(self, separator: str) -> None:
        self._around = np.array([ord(separator), _LINE_FEED, _RETURN, _QUOTE], np.uint8)
        self._rest = b""

    def __call__(self, piece: bytes) -> None:
        """Judge the next piece; an empty one ends the text."""
        if not piece:
            self._judge(self._rest + b"\n" if self._rest else b"")
            return
        text = self._rest + piece
        cut = text.rfind(b"\n") + 1
        self._rest = text[cut:]
        if len(self._rest) > MAX_LINE_BYTES:
            raise Unusual
        self._judge(text[:cut])

    def _judge(self, lines: bytes) -> None:
        if lines.startswith((b"\n", b"\r")) or b"\n\n" in lines or b"\n\r" in lines:
            raise Unusual
        if b'"' in lines:
            self._judge_quotes(np.frombuffer(b"\n" + lines, np.uint8))

    def _judge_quotes(self, text: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> None:
        """Openings follow a separator, a line end or a quote; closings precede one; lines end outside quotes."""
        quotes: Int64Array = np.flatnonzero(text == _QUOTE)
        openings, closings = quotes[0::2], quotes[1::2]
        line_ends = np.flatnonzero((text == _LINE_FEED) | (text == _RETURN))
        before_line_end = np.searchsorted(quotes, line_ends)
        if (
            len(openings) != len(closings)
            or (before_line_end % 2).any()
            or not np.isin(text[openings - 1], self._around).all()
            or not np.isin(text[closings + 1], self._around).all()
        ):
            raise Unusual
