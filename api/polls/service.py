"""Polls: a vote is given once and counted when the poll is over."""

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.instants import instant_ms, instant_text
from api.once import Answer
from api.pages import Page
from api.polls import repository
from api.polls.schemas import PollBody, PollInput, ResultsBody, VoteInput
from api.refusals import Invalid, NotFound
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.polls import PollRow
from gettone.errors import Conflict


def ask_members(connection: Connection, context: ApiContext, access: Access, body: PollInput) -> Answer:
    """Open a poll."""
    closes_at, now_ms, here = instant_ms(body.closes_at), context.clock(), access.where.community_id
    if closes_at <= now_ms:
        raise Invalid("invalid", "the poll would be over already", fields=(("/body/closes_at", "past"),))
    polls, name = repository.of(connection, here), access.person.name
    options = [one.model_dump() for one in body.options]
    poll_id = polls.add(body.texts.model_dump(), options, closes_at, name, now_ms)
    AuditTrail(connection).append(Deed(name, "poll.ask", poll_id, here), now_ms)
    return Answer(201, _body(context, _found(connection, access, poll_id), False).model_dump(mode="json"))


def list_polls(context: ApiContext, access: Access) -> Page[PollBody]:
    """Every poll of the community, the newest first."""
    with context.database.read() as connection:
        polls = repository.of(connection, access.where.community_id)
        rows, voted = polls.all(), polls.voted(access.own_member_id)
    return Page(items=[_body(context, one, one.poll_id in voted) for one in rows])


def vote(connection: Connection, context: ApiContext, access: Access, poll_id: str, body: VoteInput) -> Answer:
    """Vote once; Conflict `voted` the second time, `state` when the poll is over."""
    poll, member_id = _found(connection, access, poll_id), access.own_member_id
    if member_id is None:
        raise NotFound("not_found", "you are no member here")
    if body.option >= len(poll.options):
        raise Invalid("invalid", "there is no such option", fields=(("/body/option", "unknown"),))
    if poll.closes_at <= context.clock():
        raise Conflict("state", "the poll is over: votes do not count any more")
    repository.of(connection, access.where.community_id).vote(poll_id, member_id, body.option, context.clock())
    return Answer(200, _body(context, poll, True).model_dump(mode="json"))


def read_results(context: ApiContext, access: Access, poll_id: str) -> ResultsBody:
    """Votes by option; Conflict `state` before the poll is over, so that no vote is given for a result."""
    with context.database.read() as connection:
        poll = _found(connection, access, poll_id)
        if poll.closes_at > context.clock():
            raise Conflict("state", "the poll is still open: its votes are counted when it is over")
        counts = repository.of(connection, access.where.community_id).counts(poll_id)
    votes = [counts.get(number, 0) for number in range(len(poll.options))]
    return ResultsBody(id=poll_id, votes=votes, total=sum(votes))


def _found(connection: Connection, access: Access, poll_id: str) -> PollRow:
    row = repository.of(connection, access.where.community_id).find(poll_id)
    if row is None:
        raise NotFound("not_found", "there is no such poll")
    return row


def _body(context: ApiContext, row: PollRow, has_voted: bool) -> PollBody:
    return PollBody(
        id=row.poll_id,
        texts=dict(row.texts),
        options=[dict(one) for one in row.options],
        asked_at=instant_text(row.asked_at),
        closes_at=instant_text(row.closes_at),
        is_open=context.clock() < row.closes_at,
        has_voted=has_voted,
    )
