"""Who may ask for a take-out: a member for the own, an auditor within the granted range."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

TakeoutReader = Annotated[Access, Depends(Permit("takeout.request"))]
TakeoutAsker = Annotated[Access, Depends(Permit("takeout.request", step_up=True))]
