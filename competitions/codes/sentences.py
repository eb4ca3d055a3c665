"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "codes_exhausted": N_("An event can have at most %(most)s codes that are far enough apart."),
    "codes_no_entries": N_("No accepted entry is expected here; there is nothing to give codes to."),
    "codes_not_made": N_("The works of this event have no codes yet."),
    "codes_released": N_("Marking is confirmed; the codes of this event no longer change."),
    "codes_sealed": N_("The codes of this event are sealed until two people unblind them after marking is confirmed."),
    "unblinding_too_early": N_("Unblinding can be asked for once every marking sheet of the event is confirmed."),
    "unblinding_not_asked": N_("Nobody has asked for unblinding yet: a blinding judge or an organizer does so first."),
    "unblinding_same_person": N_("Unblinding takes two people: another person must agree than the one who asked."),
    "unblinding_needs_person": N_("Unblinding is an act of two named people; sign in to do it."),
    "unblinding_asked": N_("Unblinding was already asked for by %(who)s on %(when)s."),
    "unblinding_agreed": N_("The event was already unblinded: %(who)s agreed on %(when)s."),
    "codes_state:not_made": N_("No codes yet"),
    "codes_state:sealed": N_("Sealed"),
    "codes_state:released": N_("Marking confirmed, still sealed"),
    "codes_state:asked": N_("One of two has asked to unblind"),
    "codes_state:unblinded": N_("Unblinded"),
    "card:unblinding_waits": N_("%(event)s: marking is confirmed. Two people unblind it now."),
    "card:unblinding_half": N_("%(event)s: unblinding was asked for; a supervisor must agree."),
    "card:to_codes": N_("To the codes"),
    "audit:codes:made": N_("Codes of works made and sealed"),
    "audit:codes:mapping_opened": N_("Sealed list of codes opened"),
    "audit:codes:released": N_("Codes released for unblinding"),
    "audit:codes:unblinding_asked": N_("Unblinding asked for"),
    "audit:codes:unblinded": N_("Unblinded by two people"),
}
