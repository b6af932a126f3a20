"""Who may see devices, and who may change what is registered of them."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Reading = Annotated[Access, Depends(Permit("device.read"))]
Managing = Annotated[Access, Depends(Permit("device.manage"))]
