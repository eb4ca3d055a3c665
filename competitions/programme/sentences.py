"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "dates_reversed": N_("The last day (%(ends)s) is before the first (%(starts)s)."),
    "lead_host_missing": N_("Name exactly one lead host: it answers for the whole competition."),
    "competition_over": N_("This competition is over; what is said of it no longer changes."),
    "reason_missing": N_("Write down why: the reason stays with the record."),
    "move_not_allowed": N_("“%(move)s” is not possible while the state is “%(state)s”."),
    "rule_unknown": N_("There is no rule called “%(name)s”."),
    "rule_value_wrong": N_("The value of the rule “%(name)s” is not possible."),
    "competition_state:draft": N_("Draft"),
    "competition_state:announced": N_("Announced"),
    "competition_state:registration_open": N_("Registration open"),
    "competition_state:registration_closed": N_("Registration closed"),
    "competition_state:in_progress": N_("In progress"),
    "competition_state:concluded": N_("Concluded"),
    "competition_state:archived": N_("Archived"),
    "competition_state:cancelled": N_("Cancelled"),
    "competition_move:announce": N_("Announce"),
    "competition_move:open_registration": N_("Open registration"),
    "competition_move:close_registration": N_("Close registration"),
    "competition_move:reopen_registration": N_("Reopen registration"),
    "competition_move:start": N_("Start the competition"),
    "competition_move:conclude": N_("Conclude"),
    "competition_move:archive": N_("Archive"),
    "competition_move:cancel": N_("Cancel the competition"),
    "next_step:draft": N_("Announce the competition when name, dates, hosts and plan entry are right."),
    "next_step:announced": N_(
        "Add events with their occupations, divisions and marking schemes, then open registration."
    ),
    "next_step:registration_open": N_("Registration is open. Review what comes in and close it at the deadline."),
    "next_step:registration_closed": N_(
        "Registration is closed. Panels, codes and check-in lists come next; then start."
    ),
    "next_step:in_progress": N_("The competition is running."),
    "next_step:concluded": N_("The competition is over. Archive it when all papers are filed."),
    "next_step:archived": N_("Everything is filed."),
    "next_step:cancelled": N_("The competition was cancelled."),
    "audit:competition:set_up": N_("Competition set up"),
    "audit:competition:corrected": N_("Data of the competition changed"),
    "audit:competition:announce": N_("Competition announced"),
    "audit:competition:open_registration": N_("Registration opened"),
    "audit:competition:close_registration": N_("Registration closed"),
    "audit:competition:reopen_registration": N_("Registration reopened"),
    "audit:competition:start": N_("Competition started"),
    "audit:competition:conclude": N_("Competition concluded"),
    "audit:competition:archive": N_("Competition archived"),
    "audit:competition:cancel": N_("Competition cancelled"),
}
