"""Who may see proofs: anybody."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

ProofReader = Annotated[Access, Depends(Permit("public.read"))]
