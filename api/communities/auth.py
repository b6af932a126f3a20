"""Who may make, change, pause and close communities; anybody may read what they show."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Reading = Annotated[Access, Depends(Permit("public.read"))]
Creating = Annotated[Access, Depends(Permit("community.create"))]
Editing = Annotated[Access, Depends(Permit("community.edit"))]
Pausing = Annotated[Access, Depends(Permit("community.pause", step_up=True))]
Unpausing = Annotated[Access, Depends(Permit("community.unpause", step_up=True))]
Closing = Annotated[Access, Depends(Permit("community.close", step_up=True))]
