"""A stream of what happens to a caller; each event's id says where the listener is, signed, for 24 hours."""

import base64
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import anyio
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from api.access import Access
from api.context import ApiContext
from api.events.repository import EventRepository
from api.events.schemas import CommunityMark, Marks
from api.operations.repository import asker_of
from api.refusals import Gone, Invalid
from gettone.chain.service_exchange import AgreementState

KEPT_MS = 24 * 3_600_000
LOOK_AGAIN_S, ALIVE_S = 1.0, 15.0
# An operation may become visible a moment after the instant it ended at.
OVERLAP_MS = 10_000
SIGNATURE_BYTES = 12

Event = tuple[str, dict[str, Any], Marks]


def begin(context: ApiContext, access: Access, last_event_id: str | None) -> Marks:
    """Where a stream begins: behind the event that was seen last, or now; Gone `too_old` after 24 hours."""
    if last_event_id:
        marks = opened(context, access, last_event_id)
        if context.clock() - marks.at > KEPT_MS:
            raise Gone("too_old", "events are kept for 24 hours: read everything anew, then listen without an id")
        return marks
    communities = {}
    with context.database.read() as connection:
        repository = EventRepository(connection)
        for slug, community_id, _member in memberships(access):
            block = repository.block(community_id)
            communities[slug] = CommunityMark(block=block, log=2**31 - 1, state_block=block, agreement="ff" * 32)
    return Marks(at=context.clock(), communities=communities, ended=[])


async def stream(context: ApiContext, access: Access, marks: Marks) -> AsyncIterator[bytes]:
    """Server-sent events until the stream's time is over; a comment now and then keeps the connection."""
    until, alive = time.monotonic() + context.stream_s, time.monotonic()
    yield f"id: {signed(context, access, marks)}\n\n".encode()
    while True:
        found = await run_in_threadpool(news, context, access, marks)
        for name, document, behind in found:
            marks = behind
            identity, text = signed(context, access, marks), json.dumps(document, separators=(",", ":"))
            yield f"id: {identity}\nevent: {name}\ndata: {text}\n\n".encode()
        if time.monotonic() >= until:
            return
        if not found and time.monotonic() - alive > ALIVE_S:
            alive = time.monotonic()
            yield b": alive\n\n"
        await anyio.sleep(LOOK_AGAIN_S)


def news(context: ApiContext, access: Access, marks: Marks) -> list[Event]:
    """What happened behind the marks, each with the marks behind it."""
    found: list[Event] = []
    now_ms = context.clock()
    with context.database.read() as connection:
        repository = EventRepository(connection)
        for slug, community_id, member in memberships(access):
            for name, document, mark in _of_community(repository, slug, community_id, member, marks):
                communities = {**marks.communities, slug: mark}
                marks = marks.model_copy(update={"communities": communities, "at": now_ms})
                found.append((name, document, marks))
        rows = repository.ended(asker_of(access.person), marks.at - OVERLAP_MS)
    recent = [row.operation_id for row in rows]
    for row in rows:
        if row.operation_id not in marks.ended:
            told = [*(one for one in marks.ended if one in recent), row.operation_id]
            marks = marks.model_copy(update={"at": now_ms, "ended": told})
            document = {"id": row.operation_id, "kind": row.kind, "state": row.state}
            found.append(("operation.state", document, marks))
    return found


def _of_community(
    repository: EventRepository, slug: str, community_id: int, member: str, marks: Marks
) -> list[tuple[str, dict[str, Any], CommunityMark]]:
    """Lines of the statement, the new balance behind them, then agreements."""
    mark = marks.communities.get(slug) or CommunityMark(block=-1, log=0, state_block=-1, agreement="")
    found: list[tuple[str, dict[str, Any], CommunityMark]] = []
    rows = repository.entries(community_id, member, (mark.block, mark.log))
    for row in rows:
        mark = mark.model_copy(update={"block": row.block_number, "log": row.log_index})
        document = {"community": slug, "reason": row.reason, "change_units": str(row.change_units)}
        found.append(("transfer.indexed", document | {"tx_hash": "0x" + bytes(row.tx_hash).hex()}, mark))
    if rows:
        document = {"community": slug, "units": str(rows[-1].balance_units), "block_number": rows[-1].block_number}
        found.append(("balance.changed", document, mark))
    for row in repository.agreements(community_id, member, (mark.state_block, bytes.fromhex(mark.agreement))):
        agreement = bytes(row.agreement_id).hex()
        mark = mark.model_copy(update={"state_block": row.state_block, "agreement": agreement})
        document = {"community": slug, "id": "0x" + agreement, "state": AgreementState(row.state).name.lower()}
        found.append(("agreement.state", document, mark))
    return found


def memberships(access: Access) -> list[tuple[str, int, str]]:
    """(slug, community, member id) of every community that the caller is a member of."""
    return [
        (one.slug, one.community_id, one.member_id)
        for one in access.person.rights
        if one.slug is not None and one.community_id is not None and one.member_id is not None
    ]


def signed(context: ApiContext, access: Access, marks: Marks) -> str:
    """Marks as the id of an event, for this caller alone."""
    text = marks.model_dump_json().encode()
    return base64.urlsafe_b64encode(_signature(context, access, text) + text).decode().rstrip("=")


def opened(context: ApiContext, access: Access, event_id: str) -> Marks:
    """The marks of an event's id; Invalid for one that was not given to this caller."""
    try:
        content = base64.b64decode(event_id + "=" * (-len(event_id) % 4), altchars=b"-_", validate=True)
        signature, text = content[:SIGNATURE_BYTES], content[SIGNATURE_BYTES:]
        if hmac.compare_digest(signature, _signature(context, access, text)):
            return Marks.model_validate_json(text)
    except (ValueError, ValidationError):
        pass
    fields = (("/header/Last-Event-ID", "event_id"),)
    raise Invalid("invalid", "this id is not of your stream: listen without it", fields=fields)


def _signature(context: ApiContext, access: Access, text: bytes) -> bytes:
    return hmac.digest(context.secret, b"events\n" + access.person.name.encode() + b"\n" + text, "sha256")[
        :SIGNATURE_BYTES
    ]
