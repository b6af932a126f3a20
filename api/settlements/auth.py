"""Who may see settlements, and who moves them."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

SettlementReader = Annotated[Access, Depends(Permit("settlement.read"))]
LineReader = Annotated[Access, Depends(Permit("settlement.lines"))]
Runner = Annotated[Access, Depends(Permit("settlement.run"))]
Approver = Annotated[Access, Depends(Permit("settlement.approve", step_up=True))]
Publisher = Annotated[Access, Depends(Permit("settlement.publish", step_up=True))]
Retrier = Annotated[Access, Depends(Permit("settlement.retry", step_up=True))]
Reviser = Annotated[Access, Depends(Permit("settlement.revise", step_up=True))]
