"""Routes of communities (identity and API specification §5.1)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.communities import repository, service
from api.communities.auth import Closing, Creating, Editing, Pausing, Reading, Unpausing
from api.communities.schemas import CommunityBody, CommunityChange, NewCommunity, PublicBody, ReasonInput, StateBody
from api.context import Context
from api.etags import with_etag
from api.once import OnceAWhile, in_one_transaction
from api.operations.schemas import OperationBody
from api.pages import Page, Pages

router = APIRouter(prefix="/api/v1/communities", tags=["communities"])


@router.get("", operation_id="list_communities")
def list_communities(response: Response, context: Context, access: Reading, paging: Pages) -> Page[CommunityBody]:
    """All communities of this deployment, by id."""
    after = None if paging.after is None else str(paging.after[0])
    rows = repository.profiles(context, after, paging.fetch)
    return paging.page(response, [service.body_of(one) for one in rows], [(one.slug,) for one in rows])


@router.post("", operation_id="create_community", status_code=202, response_model=OperationBody)
def create_community(context: Context, access: Creating, once: OnceAWhile, body: NewCommunity) -> JSONResponse:
    """Make a community with its first admin; its contracts are deployed afterwards."""
    return once.run(body, lambda connection: service.create(connection, context, access, body))


@router.get("/{community}", operation_id="get_community", response_model=CommunityBody)
def get_community(community: str, request: Request, context: Context, access: Reading) -> Response:
    """The profile of a community."""
    return with_etag(request, service.body_of(repository.profile(context, access.where.community_id)))


@router.patch("/{community}", operation_id="change_community", response_model=CommunityBody)
def change_community(
    community: str, request: Request, context: Context, access: Editing, body: CommunityChange
) -> Response:
    """Change a profile; `If-Match` names the state that is changed."""
    return with_etag(request, service.change(context, access, request, body))


@router.get("/{community}/public", operation_id="get_public_page", response_model=PublicBody)
def get_public_page(community: str, request: Request, context: Context, access: Reading) -> Response:
    """What a community shows to everybody."""
    return with_etag(request, service.public_body(context, access))


@router.post(
    "/{community}/pause",
    operation_id="pause_community",
    status_code=202,
    response_model=OperationBody,
    responses={200: {"model": StateBody}},
)
def pause_community(community: str, context: Context, access: Pausing, body: ReasonInput) -> JSONResponse:
    """Stop every movement of tokens."""
    return in_one_transaction(context, lambda connection: service.pause(connection, context, access, body))


@router.post(
    "/{community}/unpause",
    operation_id="unpause_community",
    status_code=202,
    response_model=OperationBody,
    responses={200: {"model": StateBody}},
)
def unpause_community(community: str, context: Context, access: Unpausing, body: ReasonInput) -> JSONResponse:
    """Let tokens move again."""
    return in_one_transaction(context, lambda connection: service.unpause(connection, context, access, body))


@router.post(
    "/{community}/close",
    operation_id="close_community",
    status_code=202,
    response_model=OperationBody | StateBody,
    responses={200: {"model": StateBody}},
)
def close_community(community: str, context: Context, access: Closing, body: ReasonInput) -> JSONResponse:
    """Propose to close a community (platform), or close it as proposed (its admin)."""
    return in_one_transaction(context, lambda connection: service.close(connection, context, access, body))
