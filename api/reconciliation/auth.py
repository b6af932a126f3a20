"""Who may read reconciliations."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

ReconciliationReader = Annotated[Access, Depends(Permit("reconciliation.read"))]
