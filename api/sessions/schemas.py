"""Bodies of sessions."""

from api.schemas import Strict


class SessionBody(Strict):
    """A session: when it began, with what kind of browser, and how unusual that was [1/1000 bit]."""

    id: str
    begun_at: str
    agent: str
    surprise_millibits: int
    needs_factor: bool
    current: bool


class SessionList(Strict):
    """The last sessions, the newest first."""

    items: list[SessionBody]
