"""Strict reading of JSON records and CSV tables: every field named, typed and in range, nothing else accepted."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gettone.errors import InputError

FieldParser = Callable[[Any], Any]
"""Turns a JSON value into a field; raises ValueError with a word on what was expected."""

_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,79})")
_ROW_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,18}")


def parse_record(value: Any, where: str, parsers: Mapping[str, FieldParser]) -> dict[str, Any]:
    """The fields of a JSON object; InputError `bundle_field` for a missing, unknown or malformed one."""
    if not isinstance(value, dict):
        raise InputError("bundle_field", f"{where} must be a JSON object")
    if unequal := set(value) ^ set(parsers):
        raise InputError("bundle_field", f"{where} lacks, or must not have, field {min(unequal)!r}")
    fields = {}
    for name, parser in parsers.items():
        try:
            fields[name] = parser(value[name])
        except ValueError as cause:
            raise InputError("bundle_field", f"{where}: field {name!r} must be {cause}") from None
    return fields


def whole(value: Any) -> int:
    """A JSON integer from 0 to 2^53."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("a whole number, not negative")
    return value


def whole32(value: Any) -> int:
    """A JSON integer that fits 32 bits: an index, a count, a length in seconds."""
    number = whole(value)
    if number >= 1 << 32:
        raise ValueError("a whole number below 2^32")
    return number


def signed(value: Any) -> int:
    """A JSON integer of either sign."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("a whole number")
    return value


def decimal(value: Any) -> int:
    """An integer written as a decimal string."""
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value) or value == "-0":
        raise ValueError("a whole number written as a string")
    return int(value)


def text(value: Any) -> str:
    """A JSON string."""
    if not isinstance(value, str):
        raise ValueError("text")
    return value


def null(value: Any) -> None:
    """Nothing: the place of something that this format version does not carry yet."""
    if value is not None:
        raise ValueError("null in this format version")


def hexadecimal(length: int) -> Callable[[Any], bytes]:
    """Parser of `length` bytes in lower-case hex without prefix."""

    def parse(value: Any) -> bytes:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]*", value) or len(value) != 2 * length:
            raise ValueError(f"{length} bytes in lower-case hex")
        return bytes.fromhex(value)

    return parse


def optional(parser: FieldParser) -> FieldParser:
    """Parser that lets null through."""
    return lambda value: None if value is None else parser(value)


def list_of(parser: FieldParser) -> Callable[[Any], list[Any]]:
    """Parser of a list, item by item."""

    def parse(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError("a list")
        return [parser(item) for item in value]

    return parse


def record_of(where: str, parsers: Mapping[str, FieldParser]) -> FieldParser:
    """Parser of a nested object."""
    return lambda value: parse_record(value, where, parsers)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a CSV file of one kind: slot numbers ascending, stamps, integers, and nonces where it has them."""

    slots: list[int]
    starts: list[str]
    first: list[int]
    second: list[int]
    nonces: list[bytes] | None


def parse_table(content: bytes, where: str, columns: str) -> Table:
    """Read a table `slot,start_utc,<integer>,<integer>` with an optional column `nonce`.

    `columns` is the header without nonce.  InputError for anything but canonical integers, or slots that do
    not ascend.
    """
    try:
        lines = content.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise InputError("bundle_table", f"{where} holds bytes that are no ASCII text") from None
    if lines[0] not in (columns, columns + ",nonce") or lines[-1] != "":
        raise InputError("bundle_table", f"{where} must begin with {columns!r} and end with a line feed")
    salted = lines[0] != columns
    rows = [line.split(",") for line in lines[1:-1]]
    width, is_number = 5 if salted else 4, _ROW_NUMBER.fullmatch
    for number, row in enumerate(rows, 2):
        if len(row) != width or not (is_number(row[0]) and is_number(row[2]) and is_number(row[3])):
            raise InputError("bundle_table", f"{where}, line {number}: expected {width} fields of whole numbers")
    table = Table(
        [int(row[0]) for row in rows],
        [row[1] for row in rows],
        [int(row[2]) for row in rows],
        [int(row[3]) for row in rows],
        _nonces(rows, where) if salted else None,
    )
    if any(after <= before for before, after in zip(table.slots, table.slots[1:], strict=False)):
        raise InputError("bundle_table", f"{where}: slots must ascend, each at most once")
    return table


def _nonces(rows: list[list[str]], where: str) -> list[bytes]:
    parse = hexadecimal(32)
    try:
        return [parse(row[4]) for row in rows]
    except ValueError as cause:
        raise InputError("bundle_table", f"{where}: a nonce must be {cause}") from None
