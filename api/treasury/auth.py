"""Who may look into the Treasury: the administrators of tokens and community, and auditors."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

TreasuryReader = Annotated[Access, Depends(Permit("treasury.read"))]
