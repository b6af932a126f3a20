"""Who sees members: admins with names, other roles by pseudonym, members themselves."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Listing = Annotated[Access, Depends(Permit("member.list"))]
Reading = Annotated[Access, Depends(Permit("member.read"))]
Changing = Annotated[Access, Depends(Permit("member.goal"))]
Importing = Annotated[Access, Depends(Permit("member.import"))]
Suspending = Annotated[Access, Depends(Permit("member.suspend"))]
Recording = Annotated[Access, Depends(Permit("fee.record"))]
