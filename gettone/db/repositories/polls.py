"""Polls among members: one vote each, counted when the poll is over."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select
from sqlalchemy.exc import IntegrityError

from gettone.db.tables import Poll, PollVote
from gettone.errors import Conflict
from gettone.row_ids import fresh_id


@dataclass(frozen=True, slots=True)
class PollRow:
    """A poll; instants in unix ms."""

    poll_id: str
    texts: Mapping[str, str]
    options: Sequence[Mapping[str, str]]
    closes_at: int
    asked_by: str
    asked_at: int


class Polls:
    """Reads and writes `polls` and `poll_votes` of one community."""

    def __init__(self, connection: Connection, community_id: int) -> None:
        self._connection, self._community_id = connection, community_id

    def add(
        self,
        texts: Mapping[str, str],
        options: Sequence[Mapping[str, str]],
        closes_at: int,
        asked_by: str,
        now_ms: int,
    ) -> str:
        """Ask the members; the poll's id."""
        poll_id = fresh_id("pol")
        values = {"poll_id": poll_id, "community_id": self._community_id, "closes_at": closes_at}
        values |= {"texts": json.dumps(texts, sort_keys=True), "options": json.dumps(options, sort_keys=True)}
        self._connection.execute(insert(Poll).values(**values, asked_by=asked_by, asked_at=now_ms))
        return poll_id

    def all(self) -> list[PollRow]:
        """Every poll of the community, the newest first."""
        query = _POLL.where(Poll.community_id == self._community_id)
        return [_poll(row) for row in self._connection.execute(query.order_by(Poll.asked_at.desc(), Poll.poll_id))]

    def find(self, poll_id: str) -> PollRow | None:
        """A poll of the community, or None."""
        return next((one for one in self.all() if one.poll_id == poll_id), None)

    def vote(self, poll_id: str, member_id: str, choice: int, now_ms: int) -> None:
        """Count a vote; Conflict `voted` for the second one of a member."""
        values = {"poll_id": poll_id, "member_id": member_id, "choice": choice, "voted_at": now_ms}
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(PollVote).values(**values))
        except IntegrityError:
            raise Conflict("voted", "you have voted in this poll: a vote is given once") from None

    def voted(self, member_id: str | None) -> frozenset[str]:
        """The polls in which a member has voted."""
        if member_id is None:
            return frozenset()
        query = select(PollVote.poll_id).where(PollVote.member_id == member_id)
        return frozenset(self._connection.execute(query).scalars())

    def counts(self, poll_id: str) -> Mapping[int, int]:
        """Votes by the number of the option."""
        query = select(PollVote.choice, func.count()).where(PollVote.poll_id == poll_id).group_by(PollVote.choice)
        return {int(row[0]): int(row[1]) for row in self._connection.execute(query)}


_POLL: Select[*tuple[Any, ...]] = select(*(getattr(Poll, name) for name in PollRow.__slots__))


def _poll(row: Row[Any]) -> PollRow:
    values = dict(row._mapping)
    return PollRow(**values | {"texts": json.loads(row.texts), "options": json.loads(row.options)})
