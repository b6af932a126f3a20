"""Replacements of members' wallets, from the request to what the chain says."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from gettone.db.tables import WalletReplacement
from gettone.row_ids import fresh_id

REQUESTED, CONFIRMED, PROPOSED, DONE, OBJECTED, FAILED = (
    "requested",
    "confirmed",
    "proposed",
    "done",
    "objected",
    "failed",
)
OPEN = (REQUESTED, CONFIRMED, PROPOSED)


@dataclass(frozen=True, slots=True)
class ReplacementRow:
    """A replacement; `consent` is empty until a custodial new wallet has signed, `order_signature` is the old one's.

    `deadline_s` bounds both signatures, `executable_at_s` is when a proposal may take effect [unix s of the chain].
    """

    replacement_id: str
    community_id: int
    member_id: str
    old_address: str
    new_address: str
    state: str
    consent: bytes
    order_signature: bytes | None
    deadline_s: int
    executable_at_s: int | None
    requested_by: str
    requested_at: int
    decided_by: str | None
    decided_at: int | None


class WalletReplacements:
    """Reads and writes `wallet_replacements`; at most one of a member is open."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, values: dict[str, Any]) -> str:
        """A new request; its id."""
        number = fresh_id("rpl")
        self._connection.execute(insert(WalletReplacement).values(**values, replacement_id=number, state=REQUESTED))
        return number

    def get(self, number: str) -> ReplacementRow | None:
        """A replacement, or None."""
        row = self._connection.execute(_REPLACEMENT.where(WalletReplacement.replacement_id == number)).one_or_none()
        return None if row is None else ReplacementRow(**row._mapping)

    def of_member(self, member_id: str) -> list[ReplacementRow]:
        """All replacements of a member, the newest first."""
        query = _REPLACEMENT.where(WalletReplacement.member_id == member_id)
        newest_first = query.order_by(WalletReplacement.requested_at.desc(), WalletReplacement.replacement_id)
        return [ReplacementRow(**row._mapping) for row in self._connection.execute(newest_first)]

    def move(self, number: str, before: tuple[str, ...], after: str, **values: Any) -> bool:
        """Move a replacement on from one of some states; False when it is in another one."""
        mine = WalletReplacement.replacement_id == number, WalletReplacement.state.in_(before)
        changed = update(WalletReplacement).where(*mine).values(state=after, **values)
        return self._connection.execute(changed).rowcount == 1


_REPLACEMENT = select(*(getattr(WalletReplacement, name) for name in ReplacementRow.__slots__))
