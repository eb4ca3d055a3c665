"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "offline:genuine": N_("Genuine and, as far as this page knows, in force."),
    "offline:ended": N_("No longer in force: revoked, withdrawn or replaced by a corrected certificate."),
    "offline:altered": N_("Altered: the signature does not fit."),
    "offline:unlisted": N_("Signed by the issuer, but in no list of what it issued together. Ask the issuer."),
    "offline:incomplete": N_("The signature holds, but this page cannot tell whether it is in force. Check online."),
    "offline:key_unknown": N_("Signed with a key this page does not know: another issuer’s, or a newer one."),
    "offline:foreign": N_("No signature of this issuer is in this file."),
    "offline:browser": N_("This browser is too old to work out these signatures (Ed25519). Use a current one."),
    "offline_step:signature": N_("The file is signed by the issuer and unchanged"),
    "offline_step:credential": N_("The credential in it is signed by the issuer"),
    "offline_step:status": N_("The status list says: in force"),
    "offline_step:root": N_("A signed root covers exactly this file"),
    "verified:issued": N_("Valid: issued and recorded on this platform."),
    "verified:revoked": N_("Revoked: this certificate was wrong from the start and proves nothing."),
    "verified:withdrawn": N_("Withdrawn: this certificate is no longer valid."),
}
