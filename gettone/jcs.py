"""Canonical JSON (RFC 8785) of the subset that gettone hashes: no floats, integers up to 2^53 either way.

Larger integers are strings.  The strict reader refuses duplicate keys, floats, other encodings and depth.
"""

import json
from collections.abc import Mapping
from typing import Any

from gettone.errors import InputError

MAX_JSON_INTEGER = 1 << 53
MAX_DEPTH = 32


def canonical(value: Any) -> bytes:
    """The canonical UTF-8 bytes of `value`; InputError for what JSON or this subset cannot hold."""
    try:
        text = json.dumps(_ordered(value, 0), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise InputError("json_text", "a text holds a lone surrogate: give valid Unicode") from None


def _ordered(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise InputError("json_depth", f"JSON is nested deeper than {MAX_DEPTH} levels")
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return _checked_integer(value)
    if isinstance(value, (list, tuple)):
        return [_ordered(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return {key: _ordered(value[key], depth + 1) for key in sorted(value, key=_utf16_order)}
    raise InputError("json_type", f"canonical JSON cannot hold {type(value).__name__}: use text or integers")


def _utf16_order(key: Any) -> bytes:
    # RFC 8785 §3.2.3 sorts names by UTF-16 code units, which differs from code points beyond U+FFFF.
    if not isinstance(key, str):
        raise InputError("json_type", f"a name in canonical JSON must be text, not {type(key).__name__}")
    return key.encode("utf-16-be", "surrogatepass")


def _checked_integer(value: int) -> int:
    if abs(value) > MAX_JSON_INTEGER:
        raise InputError("json_integer", f"integer {value} is above 2^53: write it as a string")
    return value


def loads_strict(data: bytes) -> Any:
    """Read JSON; InputError for duplicate names, floats, integers above 2^53, bad UTF-8, depth over 32."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique_names,
            parse_int=_parse_integer,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
    except UnicodeDecodeError:
        raise InputError("json_text", "JSON is not UTF-8") from None
    except (ValueError, RecursionError) as cause:
        raise InputError("json_syntax", f"JSON cannot be read: {cause}") from None
    return _ordered(value, 0)


def loads_canonical(data: bytes) -> Any:
    """Read JSON that must already be canonical, byte for byte."""
    value = loads_strict(data)
    if canonical(value) != data:
        raise InputError("json_canonical", "JSON is not in canonical form (RFC 8785)")
    return value


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise InputError("json_duplicate", f"JSON names {twice!r} twice in one object")
    return names


def _parse_integer(text: str) -> int:
    if len(text) > 17:
        raise InputError("json_integer", "a JSON integer is above 2^53: write it as a string")
    return _checked_integer(int(text))


def _refuse_number(text: str) -> Any:
    raise InputError("json_number", f"JSON holds the number {text}: only integers are allowed")
