"""Who links a wallet: the member, or an outside gateway with the scope accounts:write."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Reading = Annotated[Access, Depends(Permit("wallet.read"))]
Asking = Annotated[Access, Depends(Permit("wallet.link", per_minute=10))]
Linking = Annotated[Access, Depends(Permit("wallet.link", step_up=True))]
Replacing = Annotated[Access, Depends(Permit("wallet.replace.request", step_up=True))]
Confirming = Annotated[Access, Depends(Permit("wallet.confirm", step_up=True))]
Objecting = Annotated[Access, Depends(Permit("wallet.object"))]
Leaving = Annotated[Access, Depends(Permit("wallet.leave", step_up=True))]
