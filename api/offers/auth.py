"""Who may see offers, and who may change them: their member, and the administrator to take them away."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

OfferReader = Annotated[Access, Depends(Permit("offer.read"))]
OfferWriter = Annotated[Access, Depends(Permit("offer.write"))]
