"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "audit:qualification:ended": N_("Qualification ended"),
    "audit:qualification:verified": N_("Qualification verified"),
    "audit:person:noted": N_("Person noted"),
    "audit:person:corrected": N_("Data of a person corrected"),
    "audit:qualification:noted": N_("Qualification noted"),
}
