"""What the extra fields of a registration form say; part of this room's sentences."""

from foundation.translation import N_

FIELDS = {
    "field_kind:file": N_("File (PDF or photo)"),
    "field_about:member": N_("Every person"),
    "field_about:entry": N_("The entry as a whole"),
    "field_about:delegation": N_("The delegation"),
    "field_condition_wrong": N_(
        "This cannot be asked so: an entry has no identity class; for a delegation its leader or the organizer answers, in every event."
    ),
    "field_file_kind": N_("This file is not understood. Send a PDF, or a photo in JPEG, PNG or WebP."),
    "field_not_asked": N_("This is not asked of this person. Leave the cell empty."),
    "field_not_yours": N_("The organizers fill this in. Leave the cell empty, or as it was exported."),
    "list_layout_wrong": N_("This layout of a list cannot be read: %(what)s."),
    "delegation_state:waiting": N_("something not handed in"),
    "delegation_state:handed_in": N_("all handed in"),
    "delegation_state:empty": N_("nobody entered"),
    "delegation_state:leaderless": N_("without a leader"),
    "delegation_state:sealed": N_("sealed summary on file"),
    "delegation_unanswered": N_("Before it is handed in, the delegation still has to answer: %(fields)s."),
    "roster_form:own_grid": N_("Recognised: our own export"),
    "roster_form:own_grid_en": N_("Recognised: our own export"),
    "audit:roster:answers_noted": N_("Extra answers of a roster noted"),
}
