"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "record_basis:register": N_("In this register"),
    "record_basis:declared": N_("Declared by the person"),
    "record_basis:verified": N_("Verified"),
    "record:result": N_("Result published: %(competition)s, %(event)s"),
    "record:approved": N_("Award approved: %(occupation)s (%(document)s)"),
    "record:numbered": N_("Certificate numbered: %(number)s"),
    "record:reported": N_("Data of the certificate uploaded: %(occupation)s"),
    "record:issued": N_("Certificate issued: %(occupation)s, %(number)s"),
    "record:ended": N_("Certificate ended: %(number)s"),
}
