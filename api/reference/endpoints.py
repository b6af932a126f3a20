"""Routes of reference rows and prices (identity and API specification §5.1)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.context import Context
from api.etags import with_etag
from api.reference import service
from api.reference.auth import Editing, Reading
from api.reference.schemas import FactorsBody, HolidaysBody, NormsBody, PriceParameters, PricesBody

router = APIRouter(prefix="/api/v1", tags=["reference"])


@router.get("/reference/holidays", operation_id="list_holidays", response_model=HolidaysBody)
def list_holidays(request: Request, context: Context, access: Reading) -> Response:
    """Days that count as Sundays for bands and profiles, with validity and source."""
    return with_etag(request, service.read(context, HolidaysBody))


@router.put("/reference/holidays", operation_id="replace_holidays", response_model=HolidaysBody)
def replace_holidays(request: Request, context: Context, access: Editing, body: HolidaysBody) -> Response:
    """Replace the holidays as a whole; `If-Match` names what they replace."""
    return with_etag(request, service.replace(context, access, request, body))


@router.get("/reference/emission-factors", operation_id="list_emission_factors", response_model=FactorsBody)
def list_emission_factors(request: Request, context: Context, access: Reading) -> Response:
    """CO2 of the grid by time, with its source."""
    return with_etag(request, service.read(context, FactorsBody))


@router.put("/reference/emission-factors", operation_id="replace_emission_factors", response_model=FactorsBody)
def replace_emission_factors(request: Request, context: Context, access: Editing, body: FactorsBody) -> Response:
    """Replace the emission factors as a whole; `If-Match` names what they replace."""
    return with_etag(request, service.replace(context, access, request, body))


@router.get("/reference/household-norms", operation_id="list_household_norms", response_model=NormsBody)
def list_household_norms(request: Request, context: Context, access: Reading) -> Response:
    """What households of a size use in a year, with its source."""
    return with_etag(request, service.read(context, NormsBody))


@router.put("/reference/household-norms", operation_id="replace_household_norms", response_model=NormsBody)
def replace_household_norms(request: Request, context: Context, access: Editing, body: NormsBody) -> Response:
    """Replace the household norms as a whole; `If-Match` names what they replace."""
    return with_etag(request, service.replace(context, access, request, body))


@router.get("/prices", operation_id="list_prices", response_model=PricesBody)
def list_prices(
    request: Request, context: Context, access: Reading, parameters: Annotated[PriceParameters, Query()]
) -> Response:
    """Zonal prices of electricity over a range."""
    return with_etag(request, service.prices(context, parameters))
