"""What the catalogue says."""

from foundation.translation import N_

SENTENCES = {
    "identity_number_form": N_(
        "An identity number has 18 characters: 17 digits and a digit or X. This one has %(length)s."
    ),
    "identity_number_form_other": N_("This number has characters that do not occur on such a document."),
    "identity_number_check": N_("The last character does not fit the others: one of the 18 characters is mistyped."),
    "identity_number_birth": N_("The characters 7 to 14 are no date of birth."),
    "identity_number_kind": N_("This number does not belong to the kind of document chosen."),
}
