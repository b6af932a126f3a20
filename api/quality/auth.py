"""Who may see quality, and who dismisses an anomaly."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit

QualityReader = Annotated[Access, Depends(Permit("quality.read"))]
Overrider = Annotated[Access, Depends(Permit("quality.override", step="1", step_up=True))]
OverrideApprover = Annotated[Access, Depends(Permit("quality.override", step="2", step_up=True))]
