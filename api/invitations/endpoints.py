"""Routes of invitations (identity and API specification §5.1)."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.context import Context
from api.invitations import repository, service
from api.invitations.auth import Accepting, Inviting, Looking
from api.invitations.schemas import AcceptInput, InvitationBody, InvitedBody, InviteInput, OpenedBody
from api.join_requests.schemas import RequestBody
from api.once import OnceAWhile
from api.pages import Page, Pages
from gettone.membership.invitation_tokens import number_of

router = APIRouter(prefix="/api/v1", tags=["joining"])


@router.get("/communities/{community}/invitations", operation_id="list_invitations")
def list_invitations(
    community: str, response: Response, context: Context, access: Inviting, paging: Pages
) -> Page[InvitationBody]:
    """All invitations of a community, by time."""
    after = None if paging.after is None else (int(paging.after[0]), str(paging.after[1]))
    rows = repository.page(context, access.where.community_id, after, paging.fetch)
    keys = [(one.invited_at, one.invitation_id) for one in rows]
    return paging.page(response, [service.body_of(context, one) for one in rows], keys)


@router.post(
    "/communities/{community}/invitations",
    operation_id="invite",
    status_code=201,
    response_model=InvitedBody,
    responses={200: {"model": InvitedBody}},
)
def invite(community: str, context: Context, access: Inviting, once: OnceAWhile, body: InviteInput) -> JSONResponse:
    """Invite one person or many; all rows of a file, or none."""
    return once.run(body, lambda connection: service.invite(connection, context, access, body))


@router.delete(
    "/communities/{community}/invitations/{invitation_id}", operation_id="withdraw_invitation", status_code=204
)
def withdraw_invitation(community: str, invitation_id: str, context: Context, access: Inviting) -> None:
    """End an open invitation."""
    with context.database.write() as connection:
        service.withdraw(connection, context, access, invitation_id)


@router.get("/invitations/{token}", operation_id="get_invitation")
def get_invitation(token: str, context: Context, access: Looking) -> OpenedBody:
    """What an invitation is to; never for whom."""
    return service.opened(context, repository.find(context, number_of(context.secret, token)))


@router.post("/invitations/{token}/accept", operation_id="accept_invitation", response_model=RequestBody)
def accept_invitation(
    token: str, context: Context, access: Accepting, once: OnceAWhile, body: AcceptInput
) -> JSONResponse:
    """Become a member by invitation."""
    return once.run(body, lambda connection: service.accept(connection, context, access, token, body))
