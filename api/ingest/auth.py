"""Who may hand in readings and files, and who may ask about batches."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from api.bearer import DeviceCaller, device_caller, reader_with
from api.context import Context
from gettone.db.repositories.access_keys import IMPORT, READ, Reader

_SCHEME = HTTPBearer(auto_error=False)


def _importer(request: Request, context: Context, _described: Annotated[object, Depends(_SCHEME)]) -> Reader:
    return reader_with(IMPORT, request, context)


def _reader(request: Request, context: Context, _described: Annotated[object, Depends(_SCHEME)]) -> Reader:
    return reader_with(READ, request, context)


WritingDevice = Annotated[DeviceCaller, Depends(device_caller)]
Importer = Annotated[Reader, Depends(_importer)]
BatchReader = Annotated[Reader, Depends(_reader)]
