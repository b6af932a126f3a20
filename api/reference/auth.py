"""Everybody may read reference rows and prices; the platform changes them."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Reading = Annotated[Access, Depends(Permit("public.read"))]
Editing = Annotated[Access, Depends(Permit("reference.edit"))]
