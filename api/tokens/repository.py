"""What the token routes read: the cursor of the index, balances, lines of statements."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from api.refusals import Unavailable
from gettone.db.repositories.chain_index import ChainIndex, CursorRow
from gettone.db.repositories.member_acts import MemberActs
from gettone.db.repositories.policy_events import PolicyEvents
from gettone.db.repositories.statements import Between, Place, StatementRow, Statements
from gettone.db.repositories.token_book import TokenBookRows
from gettone.db.tables import Settlement, SettlementMember
from gettone.economy.book import WalletRecord
from gettone.economy.circulation import Circulation, Standing, circulation
from gettone.economy.policy import Published
from gettone.economy.reasons import Reason


@dataclass(frozen=True, slots=True)
class TokenRepository:
    """Reads the token of one community, all of it as of one block."""

    connection: Connection
    community_id: int

    def cursor(self) -> CursorRow:
        """The block that everything is true at; Unavailable `index_behind` before the first."""
        found = ChainIndex(self.connection, self.community_id).cursor()
        if found is None:
            raise Unavailable("index_behind", "the chain of this community is not indexed yet: try again in a moment")
        return found

    def supply_units(self) -> int:
        """All tokens there are."""
        return ChainIndex(self.connection, self.community_id).total_units()

    def fees(self) -> list[Published[Mapping[str, Any]]]:
        """All fee tables that were published, in chain order."""
        return PolicyEvents(self.connection, self.community_id).published("FeesScheduled", "fees")

    def wallets(self, member_id: str) -> dict[str, WalletRecord]:
        """The wallets of a member, the present one last."""
        return TokenBookRows(self.connection, self.community_id).wallets_of(bytes.fromhex(member_id))

    def balance_units(self, wallets: Iterable[str]) -> int:
        """What some wallets hold together."""
        found = ChainIndex(self.connection, self.community_id).balances(list(wallets))
        return sum(one.units for one in found.values())

    def pending_units(self, wallets: Sequence[str], block_number: int) -> int:
        """What transfers that are on their way will change."""
        return MemberActs(self.connection).pending_units(self.community_id, wallets, block_number)

    def memos(self, rows: Sequence[StatementRow]) -> dict[bytes, str]:
        """The words that went with these movements, by transaction."""
        sent = [one.tx_hash for one in rows if one.reason == Reason.TRANSFER]
        return MemberActs(self.connection).memos(self.community_id, sent) if sent else {}

    def carry_over_units(self, member_id: str) -> int:
        """What the latest settlement that was opened carries into the member's next payout."""
        query = (
            select(SettlementMember.carried_after_units)
            .join(Settlement, Settlement.settlement_id == SettlementMember.settlement_id)
            .where(
                Settlement.community_id == self.community_id,
                SettlementMember.member_id == member_id,
                Settlement.opened_block.is_not(None),
            )
            .order_by(Settlement.period_index.desc(), Settlement.revision.desc())
            .limit(1)
        )
        return self.connection.execute(query).scalar() or 0

    def entries(self, member_id: str, between: Between, before: Place | None, limit: int) -> list[StatementRow]:
        """Lines of a member's statement, the latest first."""
        return self._statements.of_holder(bytes.fromhex(member_id), between, before, limit)

    def transfers(self, between: Between, before: Place | None, limit: int) -> list[StatementRow]:
        """Movements of the community, the latest first."""
        return self._statements.transfers(between, before, limit)

    def proposals(self, rows: Sequence[StatementRow]) -> dict[str, Mapping[str, Any]]:
        """The proposals of the settlements that paid these rewards, by `period.revision`."""
        periods = {int(one.subject.partition(".")[0]) for one in rows if one.reason == Reason.REWARD and one.subject}
        if not periods:
            return {}
        return {key: json.loads(args)["proposal"] for key, args in self._statements.openings(sorted(periods)).items()}

    def holders(self, wallets: Iterable[str]) -> dict[str, WalletRecord]:
        """Whose some wallets are."""
        return TokenBookRows(self.connection, self.community_id).wallets(wallets)

    def circulation(self, from_s: int, to_s: int) -> Circulation:
        """The figures of a span of time; what is held at its end is what is held now less what came later."""
        system = self._statements.system_wallets()
        if system is None:
            raise Unavailable("index_behind", "the token of this community is not indexed yet: try again in a moment")
        now, later = self._statements.standing(system), self._statements.later_changes(to_s)
        units = {one: now.units.get(one, 0) - later.get(one, 0) for one in {*now.units, *later}}
        then = Standing(units, now.classes, now.treasury, now.escrow)
        lines = self._statements.lines(from_s, to_s)
        return circulation(lines, then, self._statements.categories(), from_s, to_s)

    @property
    def _statements(self) -> Statements:
        return Statements(self.connection, self.community_id)
