"""Routes of totals, indicators and groups (identity and API specification §5.1, metering specification §5, §6)."""

import base64
import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.context import Context
from api.etags import with_etag
from api.figures import service
from api.figures.auth import Groups, OwnReading, Totals
from api.figures.schemas import FiguresBody, GroupsBody, KpiParameters, MonthParameters, TotalsParameters
from api.formats import MEDIA_TYPES
from api.schemas import MemberId

router = APIRouter(prefix="/api/v1/communities/{community}", tags=["figures"])

# What the description says of the other formats.
_FORMATS: dict[int | str, dict[str, Any]] = {
    200: {"content": {media.partition(";")[0]: {} for name, media in MEDIA_TYPES.items() if name != "json"}}
}


@router.get("/totals", operation_id="get_totals", response_model=FiguresBody, responses=_FORMATS)
def get_totals(
    community: str, context: Context, access: Totals, parameters: Annotated[TotalsParameters, Query()]
) -> Response:
    """Energies of a community over time; 403 `too_few_members` where they would reveal neighbours."""
    return service.totals(context, access, parameters)


@router.get("/kpis", operation_id="get_community_kpis", response_model=FiguresBody)
def get_community_kpis(
    community: str, request: Request, context: Context, access: Totals, parameters: Annotated[KpiParameters, Query()]
) -> Response:
    """Indicators of a community, at once or over time, or its dashboard."""
    return with_etag(request, service.community_kpis(context, access, parameters))


@router.get("/members/{member}/kpis", operation_id="get_member_kpis", response_model=FiguresBody)
def get_member_kpis(
    community: str,
    member: MemberId,
    request: Request,
    context: Context,
    access: OwnReading,
    parameters: Annotated[KpiParameters, Query()],
) -> Response:
    """Indicators of a member, at once or over time, or the own dashboard."""
    return with_etag(request, service.member_kpis(context, access, member, parameters))


@router.get("/clusters", operation_id="list_clusters", response_model=GroupsBody)
def list_clusters(community: str, request: Request, context: Context, access: Groups) -> Response:
    """Groups of load curves that look alike; members see stable and large ones."""
    return with_etag(request, service.groups(context, access))


@router.get("/indicators", operation_id="get_indicators", response_model=dict[str, object])
def get_indicators(
    community: str, context: Context, access: Totals, parameters: Annotated[MonthParameters, Query()]
) -> Response:
    """A month as UrbanDataset, with its hours from eight members on."""
    content = service.month_dataset(context, access, parameters.month)
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return Response(content, media_type="application/json", headers={"Content-Digest": f"sha-256=:{digest}:"})
