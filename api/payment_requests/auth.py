"""Who may ask and answer: members."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Party = Annotated[Access, Depends(Permit("token.transfer"))]
