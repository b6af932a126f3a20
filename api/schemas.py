"""What bodies are made of: unknown fields, other types and control characters are refused."""

from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

DIGITS = r"^(0|[1-9][0-9]{0,77})$"


class Strict(BaseModel):
    """The base of every body."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class StrictInput(Strict):
    """The base of every body that is received: `"5"` is no integer there."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Units = Annotated[int, PlainSerializer(str, return_type=str), Field(json_schema_extra={"pattern": DIGITS})]
"""Token base units going out: an integer of any size as decimal text."""

SignedUnits = Annotated[
    int, PlainSerializer(str, return_type=str), Field(json_schema_extra={"pattern": r"^(0|-?[1-9][0-9]{0,77})$"})
]
"""A change in base units going out, as decimal text with a minus where it took."""

UnitsIn = Annotated[str, StringConstraints(pattern=DIGITS)]
"""Token base units coming in, as decimal text."""

RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""The number of a row in an address."""

MemberId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
Address = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-fA-F]{40}$")]
Hash = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-f]{64}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""One line of text."""
Reason = Annotated[str, StringConstraints(min_length=3, max_length=500, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$")]
"""Why a person did something, in own words."""
Language = Literal["it", "en"]


class Problem(Strict):
    """An error (RFC 9457); `code` never changes its meaning, `errors` names the fields."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    errors: list["FieldError"]


class FieldError(Strict):
    """A field as a JSON pointer, and what is wrong with it."""

    pointer: str
    code: str
