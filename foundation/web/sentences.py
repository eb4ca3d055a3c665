"""What the web layer says."""

from foundation.translation import N_

SENTENCES = {
    "tls_outside_authority": N_(
        "The authority on the tablets may not vouch for %(name)s. Make a new one (--new-authority) and install it again."
    ),
    "tls_files_wrong": N_("These files are not a certificate and its private key."),
    "parcel_malformed": N_("What this device sent could not be read: %(place)s."),
    "parcel_size": N_("Between 1 and %(most)s things at a time; these are %(count)s."),
    "parcel_from_elsewhere": N_("This request did not come from a page of Laurel."),
    "not_found": N_("There is nothing here, or it is not yours to see."),
    "http_400": N_("The request could not be understood. Go back and try again."),
    "http_401": N_("Please sign in first."),
    "http_403": N_("You may not do this. Ask whoever gave you your role."),
    "http_404": N_("There is nothing here, or it is not yours to see."),
    "http_405": N_("This address does not take such a request."),
    "http_409": N_("Somebody was faster: look at the page again."),
    "http_413": N_("What you sent is too large."),
    "http_422": N_("Something you entered is not right yet."),
    "http_429": N_("Too many attempts. Wait a minute and try again."),
    "http_500": N_(
        "Something went wrong on our side. Nothing was stored half. Try again; the administrator finds it in the log."
    ),
    "http_507": N_(
        "The server's disk is full or cannot be written. Nothing was stored by this request. Call the organizers."
    ),
    "http_503": N_("The system is busy right now. Nothing was lost. Try again in a few seconds."),
}
