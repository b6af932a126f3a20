"""Admins invite; anybody may look at an invitation whose secret they have; who is logged in may accept it."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Inviting = Annotated[Access, Depends(Permit("invite"))]
Looking = Annotated[Access, Depends(Permit("public.read", per_minute=60))]
Accepting = Annotated[Access, Depends(Permit("join.request"))]
