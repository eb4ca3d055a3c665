"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "audit:organization:founded": N_("Organization added"),
}
