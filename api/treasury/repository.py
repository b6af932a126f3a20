"""What is read of the Treasury: rules that were published, what it holds and gave, welcome bonuses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from api.tokens.repository import TokenRepository
from gettone.db.repositories.chain_index import ChainIndex, CursorRow
from gettone.db.repositories.policy_events import PolicyEvents
from gettone.db.repositories.statements import Statements
from gettone.economy.policy import Published
from gettone.economy.reasons import Reason

GRANTED, PAID = "WelcomeBonusGranted", "WelcomeBonusPaid"


@dataclass(frozen=True, slots=True)
class TreasuryRepository:
    """Reads the Treasury of one community."""

    connection: Connection
    community_id: int

    def cursor(self) -> CursorRow:
        """The block that everything is true at."""
        return TokenRepository(self.connection, self.community_id).cursor()

    def held_units(self) -> tuple[int, int]:
        """What is in the Treasury, and in escrow."""
        system = Statements(self.connection, self.community_id).system_wallets()
        if system is None:
            return 0, 0
        held = ChainIndex(self.connection, self.community_id).balances([system.treasury, system.exchange])
        found = [held[one].units if one in held else 0 for one in (system.treasury, system.exchange)]
        return found[0], found[1]

    def budgets(self) -> list[Published[Mapping[str, Any]]]:
        """All budgets that were published, in chain order; the first begin with the policy itself."""
        return PolicyEvents(self.connection, self.community_id).published("BudgetsScheduled", "budgets")

    def caps(self) -> list[Published[Mapping[str, Any]]]:
        """All caps of payouts that were published, in chain order."""
        return PolicyEvents(self.connection, self.community_id).published("CapsScheduled")

    def incentives_units(self, from_s: int) -> int:
        """Incentives that were given from a moment on."""
        statements = Statements(self.connection, self.community_id)
        system = statements.system_wallets()
        treasury = b"" if system is None else bytes.fromhex(system.treasury[2:])
        return statements.given_units(treasury, Reason.INCENTIVE.value, from_s)

    def issued_units(self, year: int) -> int:
        """What was issued in a year of the policy."""
        return PolicyEvents(self.connection, self.community_id).issued_in_year(year)

    def members(self, after: str | None, limit: int) -> list[str]:
        """Member ids that ever joined, in order."""
        events = PolicyEvents(self.connection, self.community_id)
        return [one.hex() for one in events.members(None if after is None else bytes.fromhex(after), limit)]

    def bonuses(self, members: list[str]) -> dict[str, dict[str, tuple[int, int]]]:
        """(units, time [unix s]) by member and event, of who was granted a welcome bonus."""
        found: dict[str, dict[str, tuple[int, int]]] = {}
        rows = PolicyEvents(self.connection, self.community_id).of_members(
            [bytes.fromhex(one) for one in members], (GRANTED, PAID)
        )
        for member, event, time_s, args in rows:
            found.setdefault(member.hex(), {})[event] = (int(args["units"]), time_s)
        return found
