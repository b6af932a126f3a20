"""Messages: an admin sees all, a member those for the own kind."""

from fastapi import Response
from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.instants import instant_text
from api.messages import repository
from api.messages.schemas import MessageBody, MessageInput
from api.once import Answer
from api.pages import Page, Paging
from api.refusals import NotFound
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.messages import MessageRow

ADMIN = "CA"


def send(connection: Connection, context: ApiContext, access: Access, body: MessageInput) -> Answer:
    """Send a message."""
    here, name = access.where.community_id, access.person.name
    texts = body.texts.model_dump()
    message_id = repository.of(connection, here).add(texts, body.member_kind, name, context.clock())
    AuditTrail(connection).append(Deed(name, "message.send", message_id, here), context.clock())
    row = MessageRow(message_id, texts, body.member_kind, name, context.clock(), None)
    return Answer(201, _body(row).model_dump(mode="json"))


def list_messages(context: ApiContext, access: Access, pages: Paging, response: Response) -> Page[MessageBody]:
    """A page of messages, the newest first."""
    before = None if pages.after is None else (int(pages.after[0]), str(pages.after[1]))
    here, member_id = access.where.community_id, access.own_member_id
    is_admin = any(one.role == ADMIN for one in access.rights)
    with context.database.read() as connection:
        kind = None if is_admin or member_id is None else repository.kind_of(connection, here, member_id)
        rows = repository.of(connection, here).newest(member_id, kind, before, pages.fetch)
    return pages.page(response, [_body(one) for one in rows], [(one.sent_at, one.message_id) for one in rows])


def confirm(connection: Connection, context: ApiContext, access: Access, message_id: str) -> Answer:
    """The caller has read a message; again it changes nothing."""
    messages = repository.of(connection, access.where.community_id)
    if not messages.has(message_id) or access.own_member_id is None:
        raise NotFound("not_found", "there is no such message")
    messages.mark_read(message_id, access.own_member_id, context.clock())
    return Answer(204, None)


def _body(row: MessageRow) -> MessageBody:
    read_at = None if row.read_at is None else instant_text(row.read_at)
    values = {"id": row.message_id, "texts": dict(row.texts), "member_kind": row.member_kind}
    return MessageBody.model_validate({**values, "sent_at": instant_text(row.sent_at), "read_at": read_at})
