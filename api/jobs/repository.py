"""What the routes read of jobs."""

from collections.abc import Mapping

from sqlalchemy import Connection

from gettone.db.repositories.communities import Communities
from gettone.db.repositories.job_runs import JobRuns, RunKey, RunRow


def slugs_of(connection: Connection, community_ids: frozenset[int] | None) -> tuple[str, ...]:
    """The communities of these ids, None for all, by name."""
    found = Communities(connection).all()
    return tuple(one.slug for one in found if community_ids is None or one.community_id in community_ids)


def latest(connection: Connection) -> Mapping[RunKey, RunRow]:
    """The newest run of every job."""
    return JobRuns(connection).latest()
