"""Who may read a series."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

SeriesReader = Annotated[Access, Depends(Permit("reading.read"))]
