"""Who may see and end sessions: their person; the provider proves itself by a signed token."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Owner = Annotated[Access, Depends(Permit("me.session"))]
Provider = Annotated[Access, Depends(Permit("public.read"))]
