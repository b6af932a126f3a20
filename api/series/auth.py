"""Who may read a series."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from api.bearer import reader_with
from api.context import Context
from gettone.db.repositories.access_keys import READ, Reader

_SCHEME = HTTPBearer(auto_error=False)


def _reader(request: Request, context: Context, _described: Annotated[object, Depends(_SCHEME)]) -> Reader:
    return reader_with(READ, request, context)


SeriesReader = Annotated[Reader, Depends(_reader)]
