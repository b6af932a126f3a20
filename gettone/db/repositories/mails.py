"""Mails that wait, and those that were sent."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from gettone.db.bulk import insert_if_absent
from gettone.db.columns import Base
from gettone.db.tables import Mail

MAX_TRIES = 8
FIRST_PAUSE_MS = 60_000
KEPT_MS = 30 * 86_400_000


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A mail to be sent; `fields` fills the words of its kind."""

    mail_id: str
    user_id: str
    kind: str
    fields: Mapping[str, str]
    tries: int


class Mails:
    """Reads and writes `mails`; instants in unix ms."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, user_id: str, kind: str, event: str, fields: Mapping[str, str], now_ms: int) -> None:
        """Write to a person once about an event, in the transaction in which it happens; names nobody."""
        mail_id = hashlib.sha256("\n".join((user_id, kind, event)).encode()).hexdigest()
        values = {
            "mail_id": mail_id,
            "user_id": user_id,
            "kind": kind,
            "fields": json.dumps(dict(fields)),
            "created_at": now_ms,
            "tries": 0,
            "due_at": now_ms,
        }
        table = Base.metadata.tables[Mail.__tablename__]
        insert_if_absent(self._connection, table, [values])

    def due(self, now_ms: int, limit: int = 100) -> list[WaitingMail]:
        """Mails whose time has come, the oldest first."""
        query = select(Mail.mail_id, Mail.user_id, Mail.kind, Mail.fields, Mail.tries).where(Mail.due_at <= now_ms)
        rows = self._connection.execute(query.order_by(Mail.due_at, Mail.mail_id).limit(limit))
        return [WaitingMail(row.mail_id, row.user_id, row.kind, json.loads(row.fields), row.tries) for row in rows]

    def try_now(self, mail: WaitingMail, now_ms: int) -> None:
        """Count a try before it is made: one that is killed after it is tried again, after a pause that doubles."""
        tries = mail.tries + 1
        due_at = now_ms + FIRST_PAUSE_MS * 2**mail.tries if tries < MAX_TRIES else None
        self._connection.execute(update(Mail).where(Mail.mail_id == mail.mail_id).values(tries=tries, due_at=due_at))

    def sent(self, mail_id: str, now_ms: int) -> None:
        """It was handed over."""
        self._connection.execute(update(Mail).where(Mail.mail_id == mail_id).values(sent_at=now_ms, due_at=None))

    def expire(self, now_ms: int) -> int:
        """Delete mails that are done with; how many."""
        old = Mail.due_at.is_(None), Mail.created_at <= now_ms - KEPT_MS
        return self._connection.execute(delete(Mail).where(*old)).rowcount

    def forget(self, user_id: str) -> int:
        """Delete the mails of a person; how many."""
        return self._connection.execute(delete(Mail).where(Mail.user_id == user_id)).rowcount
