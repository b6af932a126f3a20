"""Bodies of jobs."""

from typing import Any, Literal

from api.schemas import Slug, Strict, StrictInput


class JobBody(Strict):
    """A job, for a community where it has one, with its last run; `code` says why one failed or waits."""

    job: str
    community: Slug | None
    schedule: str
    state: Literal["running", "done", "held", "failed", "interrupted", "lost"] | None
    code: str | None
    failures: int
    summary: dict[str, Any] | None
    started_at: str | None
    ended_at: str | None


class JobsBody(Strict):
    """The jobs in the order of the worker."""

    items: list[JobBody]


class RunBody(StrictInput):
    """Of which community a job is to run; null for a job of the installation, and for all communities."""

    community: Slug | None = None
