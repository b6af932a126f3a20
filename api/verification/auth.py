"""Who may have a take-out verified: anybody, six times a minute."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Verifier = Annotated[Access, Depends(Permit("bundle.verify", per_minute=6))]
