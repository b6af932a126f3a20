"""Routes of polls (identity and API specification §5.1)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.context import Context
from api.etags import with_etag
from api.once import OnceAWhile
from api.pages import Page
from api.polls import service
from api.polls.auth import PollAsker, PollReader, Voter
from api.polls.schemas import PollBody, PollInput, ResultsBody, VoteInput

router = APIRouter(prefix="/api/v1/communities/{community}/polls", tags=["polls"])


@router.get("", operation_id="list_polls", response_model=Page[PollBody])
def list_polls(request: Request, context: Context, access: PollReader) -> Response:
    """The polls of a community, the newest first."""
    return with_etag(request, service.list_polls(context, access))


@router.post("", operation_id="open_poll", status_code=201, response_model=PollBody)
def open_poll(body: PollInput, context: Context, access: PollAsker, once: OnceAWhile) -> JSONResponse:
    """Ask the members a question."""
    return once.run(body, lambda connection: service.ask_members(connection, context, access, body))


@router.post("/{poll}/votes", operation_id="vote", response_model=PollBody)
def vote(poll: str, body: VoteInput, context: Context, access: Voter, once: OnceAWhile) -> JSONResponse:
    """Give the one vote of a member."""
    return once.run(body, lambda connection: service.vote(connection, context, access, poll, body))


@router.get("/{poll}/results", operation_id="get_poll_results", response_model=ResultsBody)
def get_poll_results(poll: str, request: Request, context: Context, access: PollReader) -> Response:
    """Votes by option, once the poll is over."""
    return with_etag(request, service.read_results(context, access, poll))
