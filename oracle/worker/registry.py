"""The jobs of the worker, one line each; `GETTONE_WORKER_SCHEDULES` changes their schedules."""

from gettone.errors import InputError
from gettone.settings import Settings
from oracle.worker.job import Job
from oracle.worker.jobs.anchor_log import anchor_log
from oracle.worker.jobs.check_days import check_days
from oracle.worker.jobs.delete_expired import delete_expired
from oracle.worker.jobs.do_operations import do_operations
from oracle.worker.jobs.index_events import index_events
from oracle.worker.jobs.keep_tables import keep_tables
from oracle.worker.jobs.reconcile_books import reconcile_books
from oracle.worker.jobs.resend_transactions import resend_transactions
from oracle.worker.jobs.resume_settlements import resume_settlements
from oracle.worker.jobs.send_mails import send_mails
from oracle.worker.jobs.settle_due import settle_due
from oracle.worker.jobs.take_sources import take_sources
from oracle.worker.schedule import Schedule, parse_changes, parse_schedule

_KEK = (("kek_file",),)
_READS_CHAIN = (("rpc_url",), ("deployment_file",))
_SETTLES = (*_KEK, *_READS_CHAIN, ("oracle_keystore_files", "oracle_signer_addresses"))

JOBS = (
    Job("sources", "60s", take_sources, _KEK),
    Job("operations", "60s", do_operations),
    Job("index", "60s", index_events, _READS_CHAIN, per_community=True),
    Job("resend", "2m", resend_transactions, _SETTLES, per_community=True),
    Job("resume", "10m", resume_settlements, _SETTLES, per_community=True),
    Job("settlements", "30m", settle_due, _SETTLES, per_community=True),
    Job("anchor", "6h", anchor_log, _SETTLES, per_community=True),
    Job("mails", "60s", send_mails, (*_KEK, ("smtp_host",), ("smtp_from",))),
    Job("checks", "00:30", check_days),
    Job("reconciliation", "01:30", reconcile_books, _READS_CHAIN, per_community=True),
    Job("tables", "02:30", keep_tables),
    Job("retention", "03:30", delete_expired, _KEK),
)


def job_named(name: str) -> Job:
    """The job of a name; InputError with those there are."""
    found = next((one for one in JOBS if one.name == name), None)
    if found is None:
        raise InputError("job_unknown", f"there is no job {name!r}: known are {', '.join(one.name for one in JOBS)}")
    return found


def schedules(settings: Settings) -> dict[str, Schedule | None]:
    """The schedule of every job, None for one that is off; InputError for a job or schedule that is not understood."""
    changes = parse_changes(settings.worker_schedules)
    for name in changes:
        job_named(name)
    return {one.name: parse_schedule(changes.get(one.name, one.schedule), settings.worker_timezone) for one in JOBS}
