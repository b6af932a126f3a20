"""Reads what the policy, the Treasury and the registry of a community said on chain, from the index."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from gettone.db.id_lists import among_digests
from gettone.db.tables import ChainBlock, ChainEvent, TokenWallet
from gettone.economy.policy import Published

MEMBER_BYTES = 32


@dataclass(frozen=True, slots=True)
class PolicyEvents:
    """Reads the events of one community by what they are indexed by, never all of them."""

    connection: Connection
    community_id: int

    def published(self, event: str, field: str | None = None) -> list[Published[Mapping[str, Any]]]:
        """What an event without indexed arguments published, in chain order: its struct `field`, or all arguments."""
        query = self._timed(ChainEvent.args).where(ChainEvent.topic1.is_(None), ChainEvent.event == event)
        rows = self.connection.execute(query.order_by(ChainEvent.block_number, ChainEvent.log_index))
        found = [(row.time_s, json.loads(row.args)) for row in rows]
        return [
            Published(time_s, int(args["validFrom"]), args if field is None else args[field]) for time_s, args in found
        ]

    def incentives(self, category: int, kind: int) -> list[Published[Mapping[str, Any]]]:
        """The incentives that were published for a category and kind of agreement, in chain order."""
        query = self._timed(ChainEvent.args).where(
            ChainEvent.topic1 == category.to_bytes(32, "big"),
            ChainEvent.topic2 == kind.to_bytes(32, "big"),
            ChainEvent.event == "IncentiveScheduled",
        )
        rows = self.connection.execute(query.order_by(ChainEvent.block_number, ChainEvent.log_index))
        found = [(row.time_s, json.loads(row.args)) for row in rows]
        return [Published(time_s, int(args["validFrom"]), args["rule"]) for time_s, args in found]

    def issued_in_year(self, year: int) -> int:
        """Base units issued to the Treasury in a year of the policy."""
        query = select(ChainEvent.args).where(
            ChainEvent.community_id == self.community_id,
            ChainEvent.topic1 == year.to_bytes(32, "big"),
            ChainEvent.event == "Issued",
        )
        return sum(int(json.loads(args)["amount"]) for args in self.connection.execute(query).scalars())

    def members(self, after: bytes | None, limit: int) -> list[bytes]:
        """Member ids that ever joined, in order, behind one."""
        query = (
            select(TokenWallet.holder)
            .distinct()
            .where(TokenWallet.community_id == self.community_id, func.length(TokenWallet.holder) == MEMBER_BYTES)
        )
        if after is not None:
            query = query.where(TokenWallet.holder > after)
        return [
            bytes(one) for one in self.connection.execute(query.order_by(TokenWallet.holder).limit(limit)).scalars()
        ]

    def of_members(
        self, members: Iterable[bytes], events: Iterable[str]
    ) -> list[tuple[bytes, str, int, dict[str, Any]]]:
        """(member, event, time [unix s], arguments) of events that are about members, in chain order."""
        query = self._timed(ChainEvent.topic1, ChainEvent.event, ChainEvent.args).where(
            among_digests(self.connection, ChainEvent.topic1, members), ChainEvent.event.in_(list(events))
        )
        rows = self.connection.execute(query.order_by(ChainEvent.block_number, ChainEvent.log_index))
        return [(bytes(row.topic1), row.event, row.time_s, json.loads(row.args)) for row in rows]

    def _timed(self, *columns: Any) -> Select[*tuple[Any, ...]]:
        place = and_(
            ChainBlock.community_id == ChainEvent.community_id, ChainBlock.block_number == ChainEvent.block_number
        )
        timed = select(*columns, ChainBlock.time_s).join(ChainBlock, place)
        return timed.where(ChainEvent.community_id == self.community_id)
