"""Who may see and change an own account: its owner."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Myself = Annotated[Access, Depends(Permit("me.read"))]
MyProfile = Annotated[Access, Depends(Permit("me.profile"))]
MyConsents = Annotated[Access, Depends(Permit("me.consent"))]
