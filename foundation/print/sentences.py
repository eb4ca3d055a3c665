"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "print_failed": N_(
        "The document could not be made in time. Try again; if it happens again, tell the administrator."
    ),
    "design_unknown": N_("There is no design called “%(name)s”."),
    "print_text_too_long": N_("“%(text)s” is too long for its place even in the smallest size."),
    "print_character_missing": N_("No font has the character “%(character)s” (%(code_point)s)."),
    "seal_service_off": N_("No service for electronic seals is set up on this installation."),
    "seal_service_failed": N_(
        "The service for electronic seals does not answer (%(reason)s). Nothing was issued; try again."
    ),
    "seal_answer_wrong": N_(
        "The service for electronic seals answered with a file that is not the one it was sent, sealed. Nothing was issued."
    ),
    "certificate_font_missing": N_(
        "The font %(font)s is not installed on this machine, so nothing can be printed. Install fonts-noto-cjk."
    ),
}
