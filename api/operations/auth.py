"""Who may ask about long work: who asked for it."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Asking = Annotated[Access, Depends(Permit("me.operation"))]
