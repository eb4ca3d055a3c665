"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "password_too_short": N_("The password needs at least %(least)s characters."),
    "password_too_common": N_("This password is one of the first that others would try. Choose another."),
    "login_missing": N_("Give a user name or a mobile phone to sign in with."),
    "login_taken": N_("This user name or phone is already used to sign in. Choose another."),
    "account_exists": N_("This person already has an account."),
    "already_set_up": N_("This installation already has an administrator. Sign in instead."),
    "sign_in_wrong": N_("User name, phone or password is not right."),
    "sign_in_locked": N_("Too many wrong passwords. Try again after %(until)s."),
    "code_wrong": N_(
        "This code does not open anything. Check every character; it may also have been replaced by a newer one."
    ),
    "code_locked": N_("Too many wrong PINs. Try again after %(until)s, or ask the organizers for a new card."),
    "pin_form": N_("A PIN has four to eight digits."),
    "device_key_wrong": N_("This is not a public key of a tablet (P-256, as a JWK)."),
    "device_revoked": N_("This tablet was reported lost at %(at)s. Pair it anew with a code from the organizers."),
    "audit:access_code:issued": N_("Code on paper issued"),
    "audit:access_code:withdrawn": N_("Code on paper withdrawn"),
    "audit:device:paired": N_("Tablet paired"),
    "audit:device:revoked": N_("Tablet revoked"),
    "current_password_wrong": N_("The current password is not right."),
    "audit:account:opened": N_("Account opened"),
    "audit:account:password_reset": N_("Password reset"),
    "audit:account:password_changed": N_("Password changed"),
    "audit:session:started": N_("Signed in"),
    "audit:session:refused": N_("Sign-in refused"),
    "audit:session:ended": N_("Signed out"),
}
