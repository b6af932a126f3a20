"""Anybody with a login may ask to join; the admins of the community see all requests and decide."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Asking = Annotated[Access, Depends(Permit("join.request"))]
Deciding = Annotated[Access, Depends(Permit("member.approve"))]
