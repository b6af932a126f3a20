"""The route of the directory (identity and API specification §5.1)."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.context import Context
from api.directory import service
from api.directory.auth import DirectoryReader
from api.directory.schemas import DirectoryEntryBody
from api.pages import Page, Pages

router = APIRouter(prefix="/api/v1/communities/{community}", tags=["directory"])


@router.get("/directory", operation_id="search_directory")
def search_directory(
    response: Response,
    context: Context,
    access: DirectoryReader,
    paging: Pages,
    q: Annotated[str | None, Query(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")] = None,
) -> Page[DirectoryEntryBody]:
    """Names and receiving addresses of the members who consented to be found."""
    return service.search(context, access, q, paging, response)
