"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "print_failed": N_(
        "The document could not be made in time. Try again; if it happens again, tell the administrator."
    ),
}
