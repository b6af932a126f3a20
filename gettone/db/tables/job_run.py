"""job_runs: every run of a job: who, what, when, and how it ended; a running row is also the lease of its job."""

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I4, Base, Code, I8Key, InstantMs, Json


class JobRun(Base):
    """`state` running, done, held, failed, interrupted or lost; `community` is empty for a job of no community.

    `host` and `pid` name the process, `trigger` why it ran (schedule or command); `failures` counts the runs in a row
    that failed or were lost, this one included; `code` is that of the refusal and `summary` counts, without names.
    """

    __tablename__ = "job_runs"
    __table_args__ = (
        Index(
            "uq_job_runs_running",
            "job",
            "community",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
        Index(None, "job", "community", "run_id"),
    )

    run_id: Mapped[I8Key] = mapped_column(primary_key=True)
    job: Mapped[Code]
    community: Mapped[str] = mapped_column(Text)
    host: Mapped[str] = mapped_column(Text)
    pid: Mapped[I4]
    trigger: Mapped[Code]
    state: Mapped[Code]
    failures: Mapped[I4]
    code: Mapped[Code | None]
    summary: Mapped[Json | None]
    started_at: Mapped[InstantMs]
    lease_until: Mapped[InstantMs]
    ended_at: Mapped[InstantMs | None]
