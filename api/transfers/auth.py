"""Who may transfer: members, their own tokens."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Giver = Annotated[Access, Depends(Permit("token.transfer"))]
