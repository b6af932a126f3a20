"""Routes of jobs (identity and API specification §5.1)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.context import Context
from api.etags import with_etag
from api.jobs import service
from api.jobs.auth import JobRunner
from api.jobs.schemas import JobsBody, RunBody
from api.once import OnceAWhile
from api.operations.schemas import OperationBody

router = APIRouter(prefix="/api/v1", tags=["jobs"])


@router.get("/jobs", operation_id="list_jobs", response_model=JobsBody)
def list_jobs(request: Request, context: Context, access: JobRunner) -> Response:
    """Each job with its schedule and its last run."""
    return with_etag(request, service.list_jobs(context, access))


@router.post("/jobs/{name}/run", operation_id="run_job", status_code=202, response_model=OperationBody)
def run_job(name: str, body: RunBody, context: Context, access: JobRunner, once: OnceAWhile) -> JSONResponse:
    """Have a job run now, whatever its schedule says; one that runs already refuses `job_running`."""
    return once.run(body, lambda connection: service.ask_for_run(connection, context, access, name, body))
