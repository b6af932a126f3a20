"""Jobs as a caller may see and ask for them: an oracle admin those of the own communities, the platform all."""

import json

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext, JobLine
from api.instants import instant_text
from api.jobs import repository
from api.jobs.schemas import JobBody, JobsBody, RunBody
from api.matrix import EVERY_COMMUNITY
from api.once import Answer
from api.operations.service import ask
from api.refusals import Invalid, NotFound, NotPermitted
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.job_runs import RunKey, RunRow

KIND = "job.run"


def list_jobs(context: ApiContext, access: Access) -> JobsBody:
    """Each job with its last run."""
    with context.database.read() as connection:
        slugs = repository.slugs_of(connection, _reach(access))
        latest = repository.latest(connection)
    keys = [(one, key) for one in context.jobs for key in _keys(one, slugs)]
    return JobsBody(items=[_body(one, key, latest.get(key)) for one, key in keys])


def ask_for_run(connection: Connection, context: ApiContext, access: Access, name: str, body: RunBody) -> Answer:
    """Ask for a run now; NotFound for an unknown job, NotPermitted for one of all communities or of another."""
    job = next((one for one in context.jobs if one.name == name), None)
    if job is None:
        raise NotFound(
            "not_found", f"there is no job {name!r}: known are {', '.join(one.name for one in context.jobs)}"
        )
    slugs = repository.slugs_of(connection, _reach(access))
    if body.community is not None and body.community not in slugs:
        raise NotFound("not_found", "there is no such community")
    if body.community is not None and not job.per_community:
        wrong = (("/body/community", "unexpected"),)
        raise Invalid("invalid", f"job {name} is of the whole installation: leave the community out", fields=wrong)
    if body.community is None and EVERY_COMMUNITY not in access.letters:
        raise NotPermitted("not_permitted", f"job {name} would run for all: name a community of yours")
    subject = f"job {name}" + (f" of {body.community}" if body.community else "")
    AuditTrail(connection).append(Deed(access.person.name, KIND, subject), context.clock())
    return ask(connection, context, access, KIND, {"job": name, "community": body.community})


def _reach(access: Access) -> frozenset[int] | None:
    return None if EVERY_COMMUNITY in access.letters else frozenset(access.community_ids)


def _keys(job: JobLine, slugs: tuple[str, ...]) -> list[RunKey]:
    return [RunKey(job.name, one) for one in slugs] if job.per_community else [RunKey(job.name)]


def _body(job: JobLine, key: RunKey, last: RunRow | None) -> JobBody:
    return JobBody(
        job=job.name,
        community=key.community or None,
        schedule=job.schedule,
        state=None if last is None else last.state.value,
        code=None if last is None else last.code,
        failures=0 if last is None else last.failures,
        summary=None if last is None or last.summary is None else json.loads(last.summary),
        started_at=None if last is None else instant_text(last.started_at),
        ended_at=None if last is None or last.ended_at is None else instant_text(last.ended_at),
    )
