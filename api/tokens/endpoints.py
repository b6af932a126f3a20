"""Routes of the token: totals, balances, statements and movements (identity and API specification §5.1)."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.context import Context
from api.etags import with_etag
from api.pages import Page, Pages
from api.tokens import service, statements
from api.tokens.auth import Anybody, BalanceOwner, StatementOwner, TransfersReader
from api.tokens.schemas import BalanceBody, CirculationBody, EntryBody, EntryFilters, MovementBody, Span, TokenBody

router = APIRouter(prefix="/api/v1/communities/{community}", tags=["tokens"])

Member = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
MinBlock = Annotated[int | None, Query(ge=0, lt=2**63)]


@router.get("/token", operation_id="get_token", response_model=TokenBody)
def get_token(request: Request, context: Context, access: Anybody) -> Response:
    """Supply and fees of the token, as of the indexed block."""
    return with_etag(request, service.read_token(context, access))


@router.get("/circulation", operation_id="get_circulation", response_model=CirculationBody)
def get_circulation(request: Request, context: Context, access: Anybody, span: Annotated[Span, Query()]) -> Response:
    """Volume, velocity, holders, shares of the supply and activity by category, in [from, to)."""
    return with_etag(request, service.read_circulation(context, access, span))


@router.get("/members/{member}/balance", operation_id="get_balance", response_model=BalanceBody)
def get_balance(
    request: Request, member: Member, context: Context, access: BalanceOwner, min_block: MinBlock = None
) -> Response:
    """A member's own balance; with `min_block` the answer waits for that block, up to five seconds."""
    return with_etag(request, service.read_balance(context, access, member, min_block))


@router.get("/members/{member}/statement", operation_id="get_statement", response_model=Page[EntryBody])
def get_statement(
    member: Member,
    response: Response,
    context: Context,
    access: StatementOwner,
    paging: Pages,
    filters: Annotated[EntryFilters, Query()],
) -> Response:
    """A member's own statement with the balance after each line; in another format than JSON all of it at once."""
    return statements.read_statement(context, access, member, filters, paging, response)


@router.get("/transfers", operation_id="list_transfers", response_model=Page[MovementBody])
def list_transfers(
    response: Response,
    context: Context,
    access: TransfersReader,
    paging: Pages,
    filters: Annotated[EntryFilters, Query()],
) -> Response:
    """Every movement of the community's token, within the range of the caller's grant."""
    return statements.read_transfers(context, access, filters, paging, response)
