"""Anybody may read how to log in."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Anybody = Annotated[Access, Depends(Permit("public.read"))]
