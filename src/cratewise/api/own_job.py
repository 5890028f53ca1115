"""A job that whoever asks has asked for, and that is of the kind that an address tells of."""

from cratewise.api.installation import Installation
from cratewise.durable import Job
from cratewise.errors import UnknownJob


def own_job(here: Installation, job_id: str, *deeds: str) -> Job:
    """The job, if it is one of these deeds and the account's own.  Raises UnknownJob."""
    job = here.desk.job(job_id)
    if job.deed not in deeds or job.arguments.get("account_id") != here.account().id:
        raise UnknownJob(job_id)
    return job
