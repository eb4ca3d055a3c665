"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "verified:issued": N_("Valid: issued and recorded on this platform."),
    "verified:revoked": N_("Revoked: this certificate was wrong from the start and proves nothing."),
    "verified:withdrawn": N_("Withdrawn: this certificate is no longer valid."),
}
