"""The series route (metering specification §3.2; identity and API specification §5)."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.schemas import RowId
from api.series import service
from api.series.auth import SeriesReader
from api.series.formats import answer
from api.series.schemas import SeriesBody, SeriesParameters

router = APIRouter(prefix="/api/v1", tags=["series"])


@router.get("/series/{channel}", operation_id="get_series", response_model=SeriesBody)
def get_series(
    channel: RowId, context: Context, access: SeriesReader, parameters: Annotated[SeriesParameters, Query()]
) -> Response:
    """Readings of a channel in [from, to), as they are or over hours, days or months."""
    query = service.checked_query(channel, parameters)
    return answer(service.read_series(context, access, query), parameters.output)
