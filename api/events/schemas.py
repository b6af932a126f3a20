"""Where a listener is: it travels as the id of each event, so that a stream goes on wherever it broke."""

from api.schemas import Strict


class CommunityMark(Strict):
    """The last line of the own statement, and the last change of an own agreement, that were told."""

    block: int
    log: int
    state_block: int
    agreement: str


class Marks(Strict):
    """What was told by an instant [unix ms]; `ended` are the operations told that ended a few seconds before it."""

    at: int
    communities: dict[str, CommunityMark]
    ended: list[str]
