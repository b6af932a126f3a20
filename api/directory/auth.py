"""Who may look into the directory: members and the administrators of the community."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

DirectoryReader = Annotated[Access, Depends(Permit("directory.read"))]
