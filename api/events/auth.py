"""Who is told: everybody logged in, of their own."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Listener = Annotated[Access, Depends(Permit("me.event"))]
