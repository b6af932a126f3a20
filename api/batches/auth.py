"""Who may ask about batches, mend refused rows, and run or give up what failed."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Reading = Annotated[Access, Depends(Permit("batch.read"))]
Correcting = Annotated[Access, Depends(Permit("reading.import"))]
Managing = Annotated[Access, Depends(Permit("source.manage"))]
