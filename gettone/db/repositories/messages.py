"""Messages of admins to members, and who has read them."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, insert, or_, select, tuple_

from gettone.db.tables import Message, MessageRead
from gettone.row_ids import fresh_id


class MessageRow(NamedTuple):
    """A message; `read_at` is when the asking member read it [unix ms]."""

    message_id: str
    texts: Mapping[str, str]
    member_kind: str | None
    sent_by: str
    sent_at: int
    read_at: int | None


class Messages:
    """Reads and writes `messages` and `message_reads` of one community."""

    def __init__(self, connection: Connection, community_id: int) -> None:
        self._connection, self._community_id = connection, community_id

    def add(self, texts: Mapping[str, str], member_kind: str | None, sent_by: str, now_ms: int) -> str:
        """Send a message; its id."""
        message_id = fresh_id("msg")
        values = {"message_id": message_id, "community_id": self._community_id, "member_kind": member_kind}
        values |= {"texts": json.dumps(texts, sort_keys=True), "sent_by": sent_by, "sent_at": now_ms}
        self._connection.execute(insert(Message).values(**values))
        return message_id

    def newest(
        self, member_id: str | None, member_kind: str | None, before: tuple[int, str] | None, limit: int
    ) -> list[MessageRow]:
        """Messages for a kind of member (None: all), the newest first, older than (time, id)."""
        mine = and_(MessageRead.message_id == Message.message_id, MessageRead.member_id == (member_id or "0" * 64))
        columns = (Message.message_id, Message.texts, Message.member_kind, Message.sent_by, Message.sent_at)
        query = select(*columns, MessageRead.read_at).outerjoin(MessageRead, mine)
        query = query.where(Message.community_id == self._community_id)
        if member_kind is not None:
            query = query.where(or_(Message.member_kind.is_(None), Message.member_kind == member_kind))
        if before is not None:
            query = query.where(tuple_(Message.sent_at, Message.message_id) < before)
        rows = self._connection.execute(query.order_by(Message.sent_at.desc(), Message.message_id.desc()).limit(limit))
        return [MessageRow(row[0], _texts(row[1]), *row[2:]) for row in rows]

    def has(self, message_id: str) -> bool:
        """Whether the community has this message."""
        mine = (Message.message_id == message_id, Message.community_id == self._community_id)
        return self._connection.execute(select(Message.message_id).where(*mine)).first() is not None

    def mark_read(self, message_id: str, member_id: str, now_ms: int) -> None:
        """A member has read it; again it changes nothing."""
        mine = (MessageRead.message_id == message_id, MessageRead.member_id == member_id)
        if self._connection.execute(select(MessageRead.read_at).where(*mine)).first() is None:
            values = {"message_id": message_id, "member_id": member_id, "read_at": now_ms}
            self._connection.execute(insert(MessageRead).values(**values))


def _texts(text: Any) -> Mapping[str, str]:
    found: Mapping[str, str] = json.loads(text)
    return found
