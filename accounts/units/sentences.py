"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "organization_kind:authority": N_("Authority"),
    "organization_kind:enterprise": N_("Enterprise"),
    "organization_kind:school": N_("School"),
    "organization_kind:association": N_("Association"),
    "organization_kind:union": N_("Trade union"),
    "organization_kind:other": N_("Other body"),
    "unit_name_missing": N_("Write the full name of the body, as on its seal."),
    "unit_kind_unknown": N_("Choose what kind of body it is."),
    "unit_region_wrong": N_(
        "A region code has two, four or six digits, such as 32, 3201 or 320102, and lies in your region."
    ),
    "unit_parent_wrong": N_("The body above it is one of those you look after, and not a body below it."),
    "unit_name_taken": N_("Another body has this name or alias already. Look for it in the list."),
    "unit_credit_code_wrong": N_("The unified social credit code does not check. Compare it with the certificate."),
    "unit_reason_missing": N_("Write down why: the reason stays with the record."),
    "unit_person_missing": N_("Write name and user name."),
    "unit_login_taken": N_("Somebody else signs in with this user name. Choose another one."),
    "unit_account_beyond": N_(
        "This person holds other offices too. They change the password themselves, or a platform administrator resets it."
    ),
    "audit:unit:described": N_("Body described anew"),
    "audit:unit:alias_added": N_("Alias of a body added"),
    "audit:unit:alias_removed": N_("Alias of a body removed"),
    "audit:unit:operator_appointed": N_("Operator appointed"),
    "audit:unit:operator_dismissed": N_("Operator dismissed"),
    "audit:unit:operator_reset": N_("Password of an operator reset"),
}
