"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "codes_sealed": N_("The codes are still sealed: whose work is whose is not known before two people unblind them."),
}
