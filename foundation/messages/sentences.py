"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "mail_subject": N_("Laurel: a message about your competition"),
}
