"""Who shares the bonus: the admin of the community."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Sharer = Annotated[Access, Depends(Permit("gse.share"))]
FreshSharer = Annotated[Access, Depends(Permit("gse.share", step_up=True))]
