"""Who may see what of a token: totals everybody, balances and statements their owner, movements the administrators."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Anybody = Annotated[Access, Depends(Permit("public.read"))]
BalanceOwner = Annotated[Access, Depends(Permit("balance.read"))]
StatementOwner = Annotated[Access, Depends(Permit("statement.read"))]
TransfersReader = Annotated[Access, Depends(Permit("transfers.read"))]
