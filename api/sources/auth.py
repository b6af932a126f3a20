"""Who looks after the sources of a community."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Managing = Annotated[Access, Depends(Permit("source.manage"))]
