"""Who may read the audit trail; its head is for anybody, so that nobody can deny a deed later."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

TrailReader = Annotated[Access, Depends(Permit("audit-trail.read"))]
HeadReader = Annotated[Access, Depends(Permit("public.read"))]
