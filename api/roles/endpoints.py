"""Routes of roles (identity and API specification §5.1)."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.context import Context
from api.once import in_one_transaction
from api.pages import Page, Pages
from api.roles import repository, service
from api.roles.auth import Granting, Reading
from api.roles.schemas import GrantableRole, GrantBody, GrantInput, Holder

router = APIRouter(prefix="/api/v1/communities/{community}/roles", tags=["roles"])


@router.get("", operation_id="list_roles")
def list_roles(community: str, response: Response, context: Context, access: Reading, paging: Pages) -> Page[GrantBody]:
    """Who has which role in a community; members have theirs by membership."""
    after = None if paging.after is None else (str(paging.after[0]), int(paging.after[1]))
    rows = repository.page(context, access.where.community_id, after, paging.fetch)
    keys = [(one.holder, one.grant_id) for one in rows]
    return paging.page(response, [service.body_of(one) for one in rows], keys)


@router.put("/{sub}/{role}", operation_id="grant_role", response_model=GrantBody)
def grant_role(
    community: str, sub: Holder, role: GrantableRole, context: Context, access: Granting, body: GrantInput
) -> JSONResponse:
    """Give a role to a person, or scopes to a machine; an auditor is appointed by two persons sending the same."""
    return in_one_transaction(
        context, lambda connection: service.grant(service.Act(connection, context, access, sub, role), body)
    )


@router.delete("/{sub}/{role}", operation_id="revoke_role", status_code=204)
def revoke_role(community: str, sub: Holder, role: GrantableRole, context: Context, access: Granting) -> None:
    """End a role now."""
    with context.database.write() as connection:
        service.revoke(service.Act(connection, context, access, sub, role))
