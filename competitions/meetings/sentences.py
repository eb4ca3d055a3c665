"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "message:meeting_announced": N_("%(title)s: %(moment)s, %(place)s. Questions can be sent before: %(address)s"),
    "message:clarification": N_(
        "Clarification no. %(number)s of %(competition)s is published. Please read and confirm it."
    ),
    "meeting_title_missing": N_("Write what the meeting is called."),
    "meeting_closed": N_("This meeting is closed; its minutes no longer change."),
    "meeting_not_today": N_("Signing in opens an hour before the meeting begins."),
    "question_empty": N_("Write your question first."),
    "question_answered": N_("This question is settled already."),
    "answer_empty": N_("Write the answer first."),
    "text_too_long": N_("At most %(most)s characters."),
    "clarification_unknown": N_("The clarification to correct is not one of this competition."),
    "sign_in_way:phone": N_("by phone"),
    "sign_in_way:table": N_("at the table"),
    "audit:meeting:arranged": N_("Leaders' meeting arranged"),
    "audit:meeting:announced": N_("Leaders' meeting announced"),
    "audit:meeting:signed_in": N_("Leader signed in to a meeting"),
    "audit:meeting:closed": N_("Leaders' meeting closed"),
    "audit:question:asked": N_("Question of a leader"),
    "audit:question:declined": N_("Question not answered"),
    "audit:clarification:published": N_("Clarification published"),
    "audit:clarification:read": N_("Clarification read"),
    "card:questions_open": N_("%(count)s questions of leaders wait for an answer"),
    "card:answer": N_("Answer"),
    "card:clarifications_unread": N_("Clarifications that not every delegation has read: %(count)s"),
}
