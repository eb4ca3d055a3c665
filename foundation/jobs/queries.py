"""Reading jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select

from foundation.db import session
from foundation.jobs.models import Job, JobState
from foundation.refusal import Missing

# A message needs a moment to reach a worker; younger jobs are not offered twice.
PATIENCE = timedelta(seconds=10)


def job(job_id: UUID) -> Job:
    """One job. Raises Missing."""
    found = session().get(Job, job_id)
    if found is None:
        raise Missing
    return found


def due_jobs(at: datetime) -> Sequence[UUID]:
    """Jobs that no worker has: queued for a while, or running under an expired lease. Oldest first."""
    waiting = and_(
        Job.state == JobState.QUEUED,
        Job.created_at < at - PATIENCE,
        or_(Job.lease_until.is_(None), Job.lease_until < at),
    )
    abandoned = and_(Job.state == JobState.RUNNING, Job.lease_until < at)
    return session().scalars(select(Job.id).where(or_(waiting, abandoned)).order_by(Job.created_at)).all()


def unfinished_jobs() -> Sequence[UUID]:
    """Every job that is not finished, oldest first."""
    wanted = select(Job.id).where(Job.state.in_((JobState.QUEUED, JobState.RUNNING))).order_by(Job.created_at)
    return session().scalars(wanted).all()
