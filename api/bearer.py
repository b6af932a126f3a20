"""The keys that requests carry, until people and machines log in at an identity provider."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from api.context import Context
from api.refusals import NotPermitted, Unauthenticated
from gettone.access_keys import DEVICE_PREFIX, READER_PREFIX
from gettone.db.repositories.access_keys import DeviceKeys, Reader, ReaderKeys

# For the API's own description; the header is read below, so that every refusal is a problem.
_SCHEME = HTTPBearer(auto_error=False, description="A key `gk_` of a device or `gr_` of a reader.")


@dataclass(frozen=True, slots=True)
class DeviceCaller:
    """A device, which may only write for itself."""

    device_id: int


def device_caller(request: Request, context: Context, _described: Annotated[object, Depends(_SCHEME)]) -> DeviceCaller:
    """The device whose key a request carries; Unauthenticated for none, NotPermitted for a reader's key."""
    key = _key_of(request)
    if key.startswith(READER_PREFIX):
        raise NotPermitted("not_permitted", "a reader's key cannot write readings: use the key of the device")
    with context.database.read() as connection:
        device_id = DeviceKeys(connection).device_of(key, context.clock())
    if device_id is None:
        raise Unauthenticated
    return DeviceCaller(device_id)


def reader_with(scope: str, request: Request, context: Context) -> Reader:
    """The reader whose key a request carries; NotPermitted for a device's key or one without `scope`."""
    key = _key_of(request)
    if key.startswith(DEVICE_PREFIX):
        raise NotPermitted("not_permitted", "the key of a device only writes its own readings: use a reader's key")
    with context.database.read() as connection:
        reader = ReaderKeys(connection).reader_of(key, context.clock())
    if reader is None:
        raise Unauthenticated
    if scope not in reader.scopes:
        raise NotPermitted("not_permitted", f"this key has no scope {scope}: have one issued that has")
    return reader


def _key_of(request: Request) -> str:
    if any(value.startswith((DEVICE_PREFIX, READER_PREFIX)) for value in request.query_params.values()):
        raise Unauthenticated
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        raise Unauthenticated
    return key.strip()
