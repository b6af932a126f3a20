"""Bodies of the audit trail."""

from api.schemas import Slug, Strict


class DeedBody(Strict):
    """A deed: `before` and `after` are salted digests of what it changed, in hex; `hash` chains all rows.

    `actor` is a subject, `client:<name>` of a machine or `operator:<name>` on the server; `reason` is null where none
    was given or its words are erased.
    """

    entry: int
    at: str
    actor: str
    action: str
    community: Slug | None
    subject: str
    before: str | None
    after: str | None
    reason: str | None
    hash: str


class HeadBody(Strict):
    """Number and hash of the newest row; 0 and zeros before the first."""

    entry: int
    hash: str
