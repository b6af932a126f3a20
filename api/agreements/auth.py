"""Who acts on agreements: parties, the community admin for the community, verifiers, and who resolves."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Reader = Annotated[Access, Depends(Permit("agreement.read"))]
Actor = Annotated[Access, Depends(Permit("agreement.act"))]
Checker = Annotated[Access, Depends(Permit("agreement.check"))]
Resolver = Annotated[Access, Depends(Permit("agreement.resolve"))]
Rater = Annotated[Access, Depends(Permit("feedback"))]
