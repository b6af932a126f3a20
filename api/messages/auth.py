"""Who sends messages, and who reads them."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

MessageSender = Annotated[Access, Depends(Permit("message.send"))]
MessageReader = Annotated[Access, Depends(Permit("message.read"))]
Recipient = Annotated[Access, Depends(Permit("message.confirm"))]
