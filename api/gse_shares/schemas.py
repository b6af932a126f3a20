"""Bodies of the sharing."""

from typing import Any

from api.schemas import Line, Strict, StrictInput


class ShareInput(StrictInput):
    """A period as GSE names it, and the object of `gettone gse share`: what came in, the rules, the members."""

    period: Line
    input: dict[str, Any]


class ShareBody(Strict):
    """A statement: what came in, and every line in cents; their sum was checked."""

    id: str
    period: str
    input: dict[str, Any]
    result: dict[str, Any]
    made_by: str
    made_at: str
