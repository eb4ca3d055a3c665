"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "number_form_unknown": N_("There is no form of numbers called “%(form)s”."),
    "special_letter_wrong": N_("“%(letter)s” is no capital letter: special-grade numbers carry one at position 16."),
    "prefix_shape": N_(
        "“%(prefix)s” is not a prefix as the authority gives it: %(length)s characters were read, the pattern is %(pattern)s."
    ),
    "prefix_taken": N_("This prefix belongs to %(name)s already. Every issuer has its own 13 characters."),
    "filing_dates_reversed": N_("The filing would end (%(until)s) before it begins (%(since)s)."),
    "filing_grades_missing": N_("Choose at least one grade the organization is filed for."),
    "filing_nothing": N_("Enter the filing first: an issuer that is filed for nothing is not switched on."),
    "issuer_route:filed_host": N_("The host is itself a filed organization"),
    "issuer_route:organising_committee": N_("Organising committee, one authorisation per competition"),
    "issuer_route:own_employer": N_("The person's own employer"),
    "issuer_route:third_party": N_("Third-party evaluation organization"),
    "number_source:own_range": N_("from its own range"),
    "number_source:returned": N_("returned by the authority"),
    "audit:issuer:noted": N_("Evaluation organization entered"),
    "audit:issuer:corrected": N_("Data of an evaluation organization changed"),
    "audit:issuer:switched_on": N_("Issuer switched on: its certificates are no longer samples"),
    "audit:issuer:switched_off": N_("Issuer switched off: its certificates are samples again"),
    "audit:filing:noted": N_("Filing entered"),
    "audit:filing:ended": N_("Filing ended"),
}
