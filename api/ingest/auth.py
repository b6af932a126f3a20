"""Who may hand in readings and files."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

Writer = Annotated[Access, Depends(Permit("reading.write"))]
Importer = Annotated[Access, Depends(Permit("reading.import"))]
