"""Canonical JSON of the reward documents (RFC 8785): the same content is always the same bytes.

Numbers are whole; one above 2^53 is written as a string of digits, so that no reader rounds it.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

SAFE_INTEGER_MAX = 2**53


def canonical(value: Any) -> bytes:
    r"""UTF-8 bytes of a JSON value: names in order of their UTF-16 code units, no space, shortest escapes.

    Raises TypeError for what these documents cannot hold, floats above all.

    >>> canonical({"b": [2**53, 2**53 + 1], "a": "é\n"}).decode()
    '{"a":"é\\n","b":[9007199254740992,"9007199254740993"]}'
    """
    return _text(value).encode()


def digest_hex(document: Mapping[str, Any]) -> str:
    """SHA-256, in hex, of the canonical JSON of a document."""
    return hashlib.sha256(canonical(document)).hexdigest()


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        return str(value) if abs(value) <= SAFE_INTEGER_MAX else f'"{value}"'
    if isinstance(value, list | tuple):
        return "[" + ",".join(_text(item) for item in value) + "]"
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{_text(name)}:{_text(value[name])}" for name in names) + "}"
    raise TypeError(f"{type(value).__name__} has no place in a canonical reward document")
