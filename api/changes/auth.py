"""Who may see, propose and approve changes; which of them, the kind of a change decides."""

from typing import Annotated

from fastapi import Depends

from api.access import Access, Permit
from api.matrix import matrix
from api.refusals import NotPermitted
from gettone.rule_changes import ACTIONS, ChangeKind

ChangeReader = Annotated[Access, Depends(Permit("change.read"))]
Drafter = Annotated[Access, Depends(Permit("change.propose", step="1"))]
Submitter = Annotated[Access, Depends(Permit("change.propose", step="1", step_up=True))]
Decider = Annotated[Access, Depends(Permit("change.approve", step="2", step_up=True))]


def require_kind(access: Access, kind: ChangeKind, step: str) -> None:
    """NotPermitted where the caller's roles do not take this step for this kind of change."""
    action = matrix()[ACTIONS[kind]]
    if not any(step in action.letters.get(one.role, "") for one in access.rights):
        words = "proposed" if step == "1" else "approved"
        raise NotPermitted("not_permitted", f"a change of {kind} is {words} by {' or '.join(action.roles(step))}")
