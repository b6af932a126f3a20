"""Route of the rules of tokens (identity and API specification §5.1)."""

from fastapi import APIRouter, Request, Response

from api.chain_reading import At
from api.context import Context
from api.etags import with_etag
from api.policy import service
from api.policy.auth import PolicyReader
from api.policy.schemas import PolicyBody

router = APIRouter(prefix="/api/v1", tags=["policy"])


@router.get("/communities/{community}/policy", operation_id="get_policy", response_model=PolicyBody)
def get_policy(request: Request, context: Context, access: PolicyReader, at: At = None) -> Response:
    """Fees, incentives, bonuses, factor, budgets and caps of a community: in force, and scheduled."""
    return with_etag(request, service.policy_at(context, access, at))
