"""Bodies of polls."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from api.messages.schemas import TextsIn
from api.schemas import Strict, StrictInput


class PollInput(StrictInput):
    """A question with its options, and until when votes count."""

    texts: TextsIn
    options: Annotated[list[TextsIn], Field(min_length=2, max_length=20)]
    closes_at: Annotated[AwareDatetime, Field(strict=False)]


class VoteInput(StrictInput):
    """The number of an option, from 0."""

    option: Annotated[int, Field(ge=0, lt=20)]


class PollBody(Strict):
    """A poll, and whether the caller has voted."""

    id: str
    texts: dict[str, str]
    options: list[dict[str, str]]
    asked_at: str
    closes_at: str
    is_open: bool
    has_voted: bool


class ResultsBody(Strict):
    """Votes by option, once the poll is over; who voted what is shown to nobody."""

    id: str
    votes: list[int]
    total: int
