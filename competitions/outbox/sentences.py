"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "message:claim_invitation": N_(
        "You are entered in %(event)s of %(competition)s. Claim your entry at %(address)s with your name, the number of your identity "
        "document and the code on your slip, and complete your data and photo."
    ),
    "message:deadline_reminder": N_(
        "Registration for %(competition)s ends on %(deadline)s. Your entry for %(event)s is not handed in yet."
    ),
    "message:deadline_leader": N_(
        "Registration for %(competition)s ends on %(deadline)s. Of %(delegation)s, %(count)s entries are not handed in yet."
    ),
    "message:data_missing": N_("Still missing for a certificate from your entry for %(event)s: %(gaps)s."),
    "message:results_published": N_(
        "The results of %(event)s of %(competition)s are published. Look at the notice: %(address)s"
    ),
    "outbox_kind:claim": N_("Invitation to claim the entry"),
    "outbox_kind:deadline": N_("Reminder of the deadline"),
    "outbox_kind:lacking": N_("What is missing for a certificate"),
    "outbox_kind:results": N_("Results published"),
    "outbox_kind:candidates": N_("Own text to all candidates"),
    "outbox_kind:leaders": N_("Own text to all leaders"),
    "outbox_kind_unknown": N_("Choose what to write."),
    "outbox_nobody": N_("Nobody is concerned: nothing was written."),
    "outbox_text_missing": N_("Write the text of the message."),
    "deadline_not_set": N_("No end of registration is set; set it with the delegations first."),
    "outbox_nothing_chosen": N_("Choose at least one message."),
    "audit:outbox:written": N_("Messages written into the outbox"),
    "audit:outbox:released": N_("Messages sent"),
    "audit:outbox:edited": N_("Message edited before sending"),
    "audit:outbox:dropped": N_("Messages dropped"),
    "audit:outbox:holding": N_("Holding of messages changed"),
    "audit:outbox:handed": N_("Messages printed or copied"),
    "card:outbox_waits": N_("%(count)s messages wait in the outbox"),
    "card:open_outbox": N_("Read and send"),
    "card:deadline_near": N_("Registration ends on %(deadline)s; %(count)s entries are not handed in"),
    "card:remind": N_("Write a reminder"),
}
