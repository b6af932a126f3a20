"""Who appoints auditors, and who sees what they looked at: everybody in the community."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

LogReader = Annotated[Access, Depends(Permit("auditor.log.read"))]
Appointer = Annotated[Access, Depends(Permit("auditor.appoint", step_up=True))]
Dismisser = Annotated[Access, Depends(Permit("auditor.appoint", step="1", step_up=True))]
