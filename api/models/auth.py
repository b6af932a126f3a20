"""Who may read models: anybody."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

ModelReader = Annotated[Access, Depends(Permit("public.read"))]
