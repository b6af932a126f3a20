"""Who asks, who votes, and who sees what came of it."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

PollAsker = Annotated[Access, Depends(Permit("message.send"))]
PollReader = Annotated[Access, Depends(Permit("message.read"))]
Voter = Annotated[Access, Depends(Permit("poll.vote"))]
