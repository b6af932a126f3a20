"""Payloads of every syntax for tests, and what a format reads out of them."""

import gzip
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from gettone.errors import InputError
from gettone.metering.received import Received, ReceivedRegisters

POD = "IT001E00000001"


def received_rows(received: Received) -> list[tuple[str, int, int, int]]:
    """(device, start, mantissa, exponent) of each row."""
    return [
        (received.devices[device], start, mantissa, exponent)
        for device, start, mantissa, exponent in zip(
            received.device.tolist(),
            received.start_s.tolist(),
            received.mantissa.tolist(),
            received.exponent.tolist(),
            strict=True,
        )
    ]


def broken_rows(received: Received | ReceivedRegisters) -> list[tuple[int, str, str]]:
    """(row, code, field) of each row that could not be read."""
    return [(one.row, str(one.code), one.field) for one in received.broken]


def zip_of(content: bytes, name: str = "readings.csv", **options: Any) -> bytes:
    """A zip of one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content, **options)
    return packed.getvalue()


def gzip_of(content: bytes) -> bytes:
    """A gzip of a content."""
    return gzip.compress(content, mtime=0)


def refusal_of(call: Callable[[], object]) -> str:
    """The F code at the end of the refusal of a payload; fails where nothing is refused."""
    with pytest.raises(InputError, match=r"\[F_[A-Z]+(_[A-Z]+)?\]$") as refusal:
        call()
    return refusal.value.message.rpartition("[")[2].rstrip("]")
