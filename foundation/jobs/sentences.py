"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "job_gave_up": N_(
        "This work failed %(attempts)s times and was stopped. The administrator finds the reason in the log."
    ),
    "job_state:queued": N_("waiting"),
    "job_state:running": N_("running"),
    "job_state:succeeded": N_("done"),
    "job_state:failed": N_("failed"),
}
