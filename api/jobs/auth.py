"""Who may see and run jobs."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

JobRunner = Annotated[Access, Depends(Permit("job.run"))]
