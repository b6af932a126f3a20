"""Who may see totals, indicators and groups."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Totals = Annotated[Access, Depends(Permit("totals.read"))]
OwnReading = Annotated[Access, Depends(Permit("reading.read"))]
Groups = Annotated[Access, Depends(Permit("cluster.read"))]
