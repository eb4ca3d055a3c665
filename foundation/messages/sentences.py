"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "mail_subject": N_("Laurel: a message about your competition"),
    "message:free": N_("%(text)s"),
    "message_sent": N_("This message was sent already; it no longer changes."),
    "message_too_long": N_("At most %(most)s characters."),
    "sms_off": N_("No SMS gateway is set up. Print slips or copy the text for the group."),
    "message_state:held": N_("waits"),
    "message_state:sent": N_("sent"),
    "message_state:dropped": N_("dropped"),
    "channel:in_app": N_("in the inbox"),
    "channel:slip": N_("slip printed"),
    "channel:group": N_("copied for the group"),
    "channel:mail": N_("mailed"),
    "channel:sms": N_("SMS handed over"),
    "channel_failed:mail": N_("mail failed"),
    "channel_failed:sms": N_("SMS failed"),
}
