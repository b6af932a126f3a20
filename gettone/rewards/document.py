"""Canonical JSON of the reward documents (RFC 8785): the same content is always the same bytes.

Numbers are whole; one above 2^53 is written as a string of digits, so that no reader rounds it.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from gettone.jcs import MAX_JSON_INTEGER, canonical


def canonical_document(value: Any) -> bytes:
    r"""UTF-8 bytes of a JSON value, large numbers as strings; InputError for what JSON cannot hold, floats above all.

    >>> canonical_document({"b": [2**53, 2**53 + 1], "a": "é\n"}).decode()
    '{"a":"é\\n","b":[9007199254740992,"9007199254740993"]}'
    """
    return canonical(_large_as_text(value))


def digest_hex(document: Mapping[str, Any]) -> str:
    """SHA-256, in hex, of the canonical JSON of a document."""
    return hashlib.sha256(canonical_document(document)).hexdigest()


def _large_as_text(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) <= MAX_JSON_INTEGER else str(value)
    if isinstance(value, Mapping):
        return {name: _large_as_text(item) for name, item in value.items()}
    return [_large_as_text(item) for item in value] if isinstance(value, (list, tuple)) else value
