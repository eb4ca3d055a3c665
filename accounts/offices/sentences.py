"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "office_role_unknown": N_("This role is not given for the whole platform. Choose one of the list."),
    "office_account_unknown": N_(
        "Nobody signs in with this user name. Write the person's name too, and an account is opened."
    ),
    "office_reason_missing": N_("Write down why: the reason stays with the record."),
    "last_administrator": N_("This is the last platform administrator. Appoint another one first."),
    "audit:office:appointed": N_("Office of the platform given"),
    "audit:office:dismissed": N_("Office of the platform withdrawn"),
}
