"""Bodies of messages."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from api.schemas import Strict, StrictInput

Words = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$")]


class TextsIn(StrictInput):
    """The same words in both languages of the platform."""

    it: Words
    en: Words


class MessageInput(StrictInput):
    """A message to all members, or to one kind of them."""

    texts: TextsIn
    member_kind: Literal["citizen", "stakeholder"] | None = None


class MessageBody(Strict):
    """A message; `read_at` is when the caller read it."""

    id: str
    texts: dict[str, str]
    member_kind: Literal["citizen", "stakeholder"] | None
    sent_at: str
    read_at: str | None
