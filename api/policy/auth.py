"""Who may read the rules: anybody."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

PolicyReader = Annotated[Access, Depends(Permit("public.read"))]
