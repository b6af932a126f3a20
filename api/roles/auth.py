"""Who may see and grant roles: the admins of a community, and the platform's for the first of them and auditors."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Reading = Annotated[Access, Depends(Permit("role.grant"))]
Granting = Annotated[Access, Depends(Permit("role.grant", step_up=True))]
